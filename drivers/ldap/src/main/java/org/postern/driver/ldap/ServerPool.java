package org.postern.driver.ldap;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPConnectionPoolHealthCheck;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.ServerSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postern.spi.BackendServer;
import org.postern.tablekit.HostState;
import org.postern.tablekit.OverdueCalls;
import org.postern.tablekit.PooledServer;

/**
 * The connections to one server: made when they are needed, kept when they are given back, and
 * never more than the pool's size. Any thread may call; what it has taken it gives back or
 * discards.
 */
final class ServerPool implements AutoCloseable {
  private static final long HOUR_MILLIS = 3_600_000;

  private final Server server;
  private final Connector connector;
  private final LDAPConnectionPool pool;

  /** One for each connection that there may be; idle ones are taken before new ones are made. */
  private final Places places;

  private final int size;

  private final int timeoutMillis;
  private volatile long lastAnswer = System.nanoTime();

  /**
   * @param timeoutMillis how long to wait for a connection while all are in use
   */
  ServerPool(
      Server server, Connector connector, int size, int timeoutMillis, System.Logger logger) {
    this.server = server;
    this.connector = connector;
    this.places = new Places(server.url(), size, logger);
    this.size = size;
    this.timeoutMillis = timeoutMillis;
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

  /** What an operator sees of the server. */
  BackendServer shown(HostState state) {
    return new PooledServer(
        server.url(), state, places.free(), size, pool::getCurrentAvailableConnections);
  }

  /**
   * A connection.
   *
   * @param fresh whether it must be one that no other lookup has used: the idle ones are closed
   * @throws LDAPException when none can be made
   * @throws LookupFailedException when all are in use for too long
   */
  LDAPConnection take(boolean fresh) throws LDAPException, LookupFailedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    boolean closesIdle = fresh;
    while (true) {
      waitForPlace(deadline);
      LDAPConnection connection = null;
      boolean gaveUp = false;
      try {
        if (closesIdle) {
          closeIdle();
        }
        connection = pool.getConnection();
        return connection;
      } catch (LDAPException e) {
        gaveUp = LdapError.mayBeOneTooMany(e) && places.giveUp(Reason.message(e));
        if (!gaveUp) {
          throw e;
        }
        // What others give back meanwhile is as good as new.
        closesIdle = false;
      } finally {
        if (connection == null && !gaveUp) {
          places.giveBack();
        }
      }
    }
  }

  /**
   * Closes a new connection on which the server did not answer, if that may be because there are
   * others enough.
   *
   * @return false when there are no others: it is still taken
   */
  boolean discardAsOneTooMany(LDAPConnection connection, LDAPException e) {
    if (!places.giveUp(Reason.message(e))) {
      return false;
    }
    pool.discardConnection(connection);
    return true;
  }

  private void waitForPlace(long deadline) throws LookupFailedException {
    try {
      if (!places.take(deadline - System.nanoTime())) {
        throw new LookupFailedException("all connections to " + server + " are in use");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LookupFailedException("interrupted");
    }
  }

  /** Notes that the server has answered. */
  void answered() {
    lastAnswer = System.nanoTime();
  }

  /** For a connection on which the server has answered. */
  void giveBack(LDAPConnection connection) {
    answered();
    pool.releaseConnection(connection);
    places.giveBack();
  }

  /** Closes a connection instead of giving it back. */
  void discard(LDAPConnection connection) {
    pool.discardConnection(connection);
    places.giveBack();
  }

  /** Whether the server has answered anybody in the latter half of the time just waited for one. */
  boolean isAnswering() {
    return System.nanoTime() - lastAnswer < TimeUnit.MILLISECONDS.toNanos(timeoutMillis) / 2;
  }

  /** Closes all that nobody uses now. */
  void closeIdle() {
    pool.shrinkPool(0);
  }

  /** Asks the server for next to nothing, on a new connection, which is kept. */
  void check() throws LDAPException, LookupFailedException {
    LDAPConnection connection = take(true);
    try (OverdueCalls.Call _ = connector.begin(connection)) {
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
