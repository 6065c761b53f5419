package org.postern.driver.sql;

import org.postern.driver.sql.Dialect.Server;

/**
 * Which tables share connections.
 *
 * @param own the query, when it may leave something in its connection that changes what another
 *     query finds; otherwise empty
 */
record PoolKey(Server server, String own) {}
