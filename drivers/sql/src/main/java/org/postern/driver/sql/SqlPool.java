package org.postern.driver.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postern.driver.database.HostChoice;
import org.postern.driver.database.HostLimits;
import org.postern.driver.database.HostState;
import org.postern.driver.database.HostState.Condition;
import org.postern.driver.database.HostState.Trouble;
import org.postern.driver.database.SharedPools;
import org.postern.driver.sql.Dialect.Server;

/**
 * The connections to one server, with the same parameters, of all tables that use them. Never more
 * than {@code postern_pool_size}, checks of a server that was down included, and none before the
 * first is needed. Any thread may call.
 */
final class SqlPool implements SharedPools.Pool, HostChoice.Host {
  /** How long HikariCP waits for a connection at a time: between, we see whether there is hope. */
  private static final Duration SLICE = Duration.ofMillis(250);

  /** HikariCP takes no shorter one. */
  private static final Duration SHORTEST_IDLE_INTERVAL = Duration.ofSeconds(10);

  private static final Duration LONGEST_CONNECT_TIME = Duration.ofSeconds(5);
  private static final Duration REPLACED_CHECK_INTERVAL = Duration.ofSeconds(1);

  private final Server server;
  private final Duration answerTime;
  private final HikariDataSource connections;
  private final ConnectionMaker maker;
  private final HostState state;
  private volatile long replacedChecked = System.nanoTime();

  SqlPool(Server server, HostLimits limits, System.Logger logger) {
    this.server = server;
    this.answerTime = limits.lookupTimeout();
    Duration half = answerTime.dividedBy(2);
    Duration connectTime = half.compareTo(LONGEST_CONNECT_TIME) < 0 ? half : LONGEST_CONNECT_TIME;
    this.maker = new ConnectionMaker(server, connectTime, answerTime);
    HikariConfig config = new HikariConfig();
    config.setDataSource(maker);
    config.setPoolName(server.backendName());
    config.setMaximumPoolSize(limits.poolSize());
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(SLICE.toMillis());
    config.setValidationTimeout(Math.max(SLICE.toMillis(), connectTime.toMillis()));
    Duration idle = server.idleInterval();
    config.setIdleTimeout(
        (idle.compareTo(SHORTEST_IDLE_INTERVAL) < 0 ? SHORTEST_IDLE_INTERVAL : idle).toMillis());
    config.setKeepaliveTime(0);
    config.setReadOnly(server.isReadOnly());
    config.setThreadFactory(
        Thread.ofPlatform().name("pool " + server.name() + "-", 0).daemon().factory());
    this.connections = new HikariDataSource(config);
    this.state = new HostState(server.name(), server.retryInterval(), this::check, logger);
  }

  Server server() {
    return server;
  }

  @Override
  public HostState state() {
    return state;
  }

  @Override
  public boolean isLocal() {
    return server.isLocal();
  }

  /** Statements and modes of a connection that {@link #borrow} gave. */
  SqlSession session(Connection borrowed, Dialect dialect) throws SQLException {
    return maker.session(borrowed, dialect);
  }

  /**
   * A connection, to be closed after use.
   *
   * @param since when the wait began, as of {@link System#nanoTime}
   * @throws SQLException when there is none to be had; if that is the server's fault, its state is
   *     FAILED now
   */
  Connection borrow(long since) throws SQLException {
    evictIfReplaced();
    while (true) {
      long failuresBefore = maker.failures();
      try {
        return connections.getConnection();
      } catch (SQLException e) {
        Trouble trouble = maker.failures() > failuresBefore ? maker.trouble() : null;
        if (trouble != null) {
          state.failed(trouble);
        }
        if (state.condition() == Condition.FAILED) {
          Trouble known = state.trouble();
          throw new SQLException(known == null ? server.name() + " is down" : known.reason(), e);
        }
        if (System.nanoTime() - since >= answerTime.toNanos()) {
          throw new SQLException("all connections to " + server.name() + " are in use", e);
        }
      }
    }
  }

  private void evictIfReplaced() {
    long now = System.nanoTime();
    if (now - replacedChecked >= REPLACED_CHECK_INTERVAL.toNanos()) {
      replacedChecked = now;
      if (server.isReplaced()) {
        connections.getHikariPoolMXBean().softEvictConnections();
      }
    }
  }

  /** Gives up a connection on which something went wrong that another one might not have. */
  void evict(Connection borrowed, SQLException e) {
    connections.evictConnection(borrowed);
    if (isTimeout(e)) {
      state.failed(
          new Trouble(
              server.connectFailed(
                  new SQLException("no answer within " + answerTime.toSeconds() + " s", e)),
              false));
    }
  }

  /** Whether the connection is gone or not in step, as opposed to a query that makes no sense. */
  static boolean isConnectionTrouble(SQLException e) {
    String sqlState = e.getSQLState();
    return e instanceof SQLRecoverableException
        || e instanceof SQLNonTransientConnectionException
        || e instanceof SQLTransientConnectionException
        || (sqlState != null && (sqlState.startsWith("08") || sqlState.startsWith("57P")))
        || causedBy(e, IOException.class);
  }

  /** Whether the server did not answer in time. */
  static boolean isTimeout(SQLException e) {
    return causedBy(e, SocketTimeoutException.class);
  }

  private static boolean causedBy(SQLException e, Class<? extends Throwable> type) {
    Throwable cause = e;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      if (type.isInstance(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** One try to connect, through the pool so that its bound holds. */
  private void check() throws SQLException {
    @Nullable SQLException failure = null;
    long failuresBefore = maker.failures();
    try (Connection connection = connections.getConnection()) {
      if (!connection.isValid((int) Math.max(1, answerTime.toSeconds() / 2))) {
        failure = new SQLException("no answer");
        connections.evictConnection(connection);
      }
    } catch (SQLException e) {
      failure = e;
    }
    if (failure != null) {
      Trouble trouble = maker.failures() > failuresBefore ? maker.trouble() : null;
      if (trouble != null) {
        state.failed(trouble);
      }
      throw failure;
    }
  }

  @Override
  public void close() {
    state.close();
    connections.close();
  }
}
