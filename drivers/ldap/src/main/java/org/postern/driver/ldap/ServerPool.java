package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPConnectionPoolHealthCheck;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.ServerSet;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one server: made when they are needed, kept when they are given back. Whoever
 * uses it bounds how many are in use at once, and so how many there are.
 */
final class ServerPool implements AutoCloseable {
  private static final long HOUR_MILLIS = 3_600_000;

  private final Server server;
  private final LDAPConnectionPool pool;

  ServerPool(Server server, Connector connector, int size) {
    this.server = server;
    ServerSet single =
        new ServerSet() {
          @Override
          public LDAPConnection getConnection() throws LDAPException {
            return connector.connect(server);
          }

          @Override
          public LDAPConnection getConnection(@Nullable LDAPConnectionPoolHealthCheck check)
              throws LDAPException {
            return getConnection();
          }
        };
    try {
      pool = new LDAPConnectionPool(single, null, 0, size, null, false);
    } catch (LDAPException e) {
      throw new IllegalStateException("connects although it should not", e);
    }
    // A server's state is watched by HostState; here nothing needs to be done in the background.
    pool.setHealthCheckIntervalMillis(HOUR_MILLIS);
    pool.setConnectionPoolName(server.url());
  }

  Server server() {
    return server;
  }

  /** An idle connection, or a new one. */
  LDAPConnection take() throws LDAPException {
    return pool.getConnection();
  }

  /** A connection that no other lookup has used: the idle ones are closed. */
  LDAPConnection takeNew() throws LDAPException {
    closeIdle();
    return pool.getConnection();
  }

  void giveBack(LDAPConnection connection) {
    pool.releaseConnection(connection);
  }

  /** Closes a connection instead of giving it back. */
  void discard(LDAPConnection connection) {
    pool.discardConnection(connection);
  }

  /** Closes all that nobody uses now. */
  void closeIdle() {
    pool.shrinkPool(0);
  }

  /** Asks the server for next to nothing, on a new connection, which is kept. */
  void check() throws LDAPException {
    LDAPConnection connection = takeNew();
    try {
      connection.search("", SearchScope.BASE, "(objectClass=*)", "1.1");
    } catch (LDAPSearchException e) {
      // Whatever the server answers, it does answer.
      if (LdapError.connectionLost(e.getResultCode())
          || e.getResultCode().equals(ResultCode.TIMEOUT)) {
        discard(connection);
        throw e;
      }
    }
    giveBack(connection);
  }

  @Override
  public void close() {
    pool.close();
  }
}
