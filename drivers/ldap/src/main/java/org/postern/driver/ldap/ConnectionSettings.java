package org.postern.driver.ldap;

import java.util.List;

/**
 * All that makes a connection what it is. Tables for which this is equal share their connections.
 *
 * @param servers in the order in which they are tried, at least one
 * @param timeoutSeconds how long a connection, and then a search, may take: {@code timeout}; 0 for
 *     as long as it likes
 */
record ConnectionSettings(List<Server> servers, Bind bind, TlsSettings tls, int timeoutSeconds) {
  ConnectionSettings {
    servers = List.copyOf(servers);
  }

  /** Whether nobody can listen to connections to a server: by TLS, or since they stay inside. */
  boolean protects(Server server) {
    return server.scheme() != Server.Scheme.LDAP || tls.start();
  }
}
