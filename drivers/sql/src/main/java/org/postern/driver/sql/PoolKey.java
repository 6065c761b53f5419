package org.postern.driver.sql;

import org.postern.driver.sql.Dialect.Server;

/**
 * Which tables share connections.
 *
 * @param own the query, when it may leave something in its connection that changes what another
 *     query finds; otherwise empty
 */
record PoolKey(Server server, String own) {

  /**
   * Of the server's name alone: to hash all that a server has, a record begins with a hundred
   * milliseconds of its own, and somebody waits for the first lookup.
   */
  @Override
  public int hashCode() {
    return server.backendName().hashCode();
  }
}
