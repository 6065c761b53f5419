package org.postern.driver.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postern.driver.sql.Dialect.Server;
import org.postern.spi.BackendServer;
import org.postern.tablekit.GrantedConnections;
import org.postern.tablekit.HostChoice;
import org.postern.tablekit.HostLimits;
import org.postern.tablekit.HostState;
import org.postern.tablekit.HostState.Condition;
import org.postern.tablekit.HostState.Trouble;
import org.postern.tablekit.PooledServer;
import org.postern.tablekit.SharedPools;

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

  private static final int MARIADB_CONNECTION_KILLED = 1927;
  private static final int MARIADB_STATEMENT_TIMEOUT = 1969;

  private final Server server;
  private final Duration answerTime;

  /** One for each connection. HikariCP lets those who come again and again pass those who wait. */
  private final Turns turns;

  private final GrantedConnections granted;

  private final HikariDataSource connections;
  private final ConnectionMaker maker;
  private final HostState state;
  private final PooledServer shown;
  private final AtomicLong replacedChecked = new AtomicLong(System.nanoTime());

  /** Since when no connection is older: those from before were found dead. */
  private final AtomicLong evicted = new AtomicLong(System.nanoTime());

  SqlPool(Server server, HostLimits limits, System.Logger logger) {
    this.server = server;
    this.answerTime = limits.lookupTimeout();
    Duration half = answerTime.dividedBy(2);
    Duration connectTime = half.compareTo(LONGEST_CONNECT_TIME) < 0 ? half : LONGEST_CONNECT_TIME;
    this.granted = new GrantedConnections(server.name(), limits.poolSize(), logger);
    this.maker = new ConnectionMaker(server, limits.poolSize(), granted, connectTime, answerTime);
    this.turns = new Turns(limits.poolSize());
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
    this.shown =
        new PooledServer(
            server.name(),
            state,
            turns,
            turns::number,
            connections.getHikariPoolMXBean()::getIdleConnections);
  }

  Server server() {
    return server;
  }

  /** What an operator sees of it. */
  BackendServer shown() {
    return shown;
  }

  @Override
  public HostState state() {
    return state;
  }

  @Override
  public boolean isLocal() {
    return server.isLocal();
  }

  /** A connection in use; closing gives it back. */
  final class Borrowed implements AutoCloseable {
    private final Connection connection;
    private final OpenConnection open;

    private Borrowed(Connection connection) throws SQLException {
      this.connection = connection;
      this.open = OpenConnection.of(connection);
    }

    /** Its statements and modes. */
    SqlSession session(Dialect dialect) throws SQLException {
      return open.session(dialect);
    }

    /** The database library's own. */
    Connection own() {
      return open.own();
    }

    /**
     * Gives it up, since something went wrong that might not with another one. The others that were
     * there before are given up with it: most likely it was the server's end.
     */
    void evict(SQLException e) {
      connections.evictConnection(connection);
      if (isTooSlow(e)) {
        return; // it was only this query
      }
      long before = evicted.get();
      if (open.made() - before > 0 && evicted.compareAndSet(before, System.nanoTime())) {
        connections.getHikariPoolMXBean().softEvictConnections();
      }
      if (isTimeout(e)) {
        state.failed(
            new Trouble(
                server.connectFailed(
                    new SQLException("no answer within " + answerTime.toSeconds() + " s", e)),
                false));
      }
    }

    @Override
    public void close() throws SQLException {
      try {
        connection.close();
      } finally {
        turns.release();
      }
    }
  }

  /**
   * A connection, to be closed after use.
   *
   * @param since when the wait began, as of {@link System#nanoTime}
   * @throws SQLException when there is none to be had; if that is the server's fault, its state is
   *     FAILED now
   */
  Borrowed borrow(long since) throws SQLException {
    evictIfReplaced();
    waitForTurn(since);
    boolean borrowed = false;
    try {
      Borrowed found = new Borrowed(connect(since));
      borrowed = true;
      return found;
    } finally {
      if (!borrowed) {
        turns.release();
      }
    }
  }

  private void waitForTurn(long since) throws SQLException {
    turns.setNumber(granted.number());
    try {
      if (!turns.take(answerTime.minusNanos(System.nanoTime() - since))) {
        throw new SQLException("all connections to " + server.name() + " are in use");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    }
  }

  private Connection connect(long since) throws SQLException {
    while (true) {
      if (state.condition() == Condition.FAILED) {
        Trouble known = state.trouble();
        throw new SQLException(known == null ? server.name() + " is down" : known.reason());
      }
      long failuresBefore = maker.failures();
      try {
        return connections.getConnection();
      } catch (SQLException e) {
        Trouble trouble = maker.failures() > failuresBefore ? maker.trouble() : unusable(e);
        if (trouble != null) {
          state.failed(trouble);
        } else if (System.nanoTime() - since >= answerTime.toNanos()) {
          throw new SQLException("all connections to " + server.name() + " are in use", e);
        }
      }
    }
  }

  /** What is wrong with a server to which we can connect, and then do nothing. */
  private @Nullable Trouble unusable(SQLException e) {
    Throwable cause = e.getCause();
    while (cause != null && !(cause instanceof SQLException)) {
      cause = cause.getCause();
    }
    return cause instanceof SQLException why && !(why instanceof SQLTransientException)
        ? new Trouble(server.connectFailed(why), false)
        : null;
  }

  private void evictIfReplaced() {
    long now = System.nanoTime();
    long before = replacedChecked.get();
    if (now - before >= REPLACED_CHECK_INTERVAL.toNanos()
        && replacedChecked.compareAndSet(before, now)
        && server.isReplaced()) {
      connections.getHikariPoolMXBean().softEvictConnections();
    }
  }

  /** Whether the connection is gone or not in step, as opposed to a query that makes no sense. */
  static boolean isConnectionTrouble(SQLException e) {
    String sqlState = e.getSQLState();
    return e instanceof SQLRecoverableException
        || e instanceof SQLNonTransientConnectionException
        || e instanceof SQLTransientConnectionException
        || (sqlState != null && (sqlState.startsWith("08") || sqlState.startsWith("57P")))
        || e.getErrorCode() == MARIADB_CONNECTION_KILLED
        || causedBy(e, IOException.class);
  }

  /** Whether the server did not answer in time. */
  static boolean isTimeout(SQLException e) {
    return causedBy(e, SocketTimeoutException.class);
  }

  /** Whether the server gave up the query, which it would do a second time. */
  static boolean isTooSlow(SQLException e) {
    return e instanceof SQLTimeoutException
        || "57014".equals(e.getSQLState())
        || e.getErrorCode() == MARIADB_STATEMENT_TIMEOUT;
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

  /**
   * One try to connect, not by HikariCP, which waits for longer and longer after each failure. It
   * is given the connection, so that the lookups to come have it at once.
   */
  private void check() throws SQLException {
    if (hasOneThatAnswers()) {
      return;
    }
    long failuresBefore = maker.failures();
    try {
      maker.makeSpare();
    } catch (SQLException e) {
      Trouble now = maker.trouble();
      if (now != null && maker.failures() > failuresBefore) {
        state.failed(now);
      }
      throw e;
    }
    try (Connection _ = connections.getConnection()) {
      // So it is among the others now, and goes with them when nobody needs it.
    } catch (SQLException _) {
      // HikariCP pauses for up to five seconds after failures, and takes it then. To close it
      // would be to ask once more of a server that may grant only this one.
    }
  }

  /**
   * Whether a connection of HikariCP's answers, which it may have made since the server was given
   * up: of a server that grants no more than this one, another would be refused for as long as it
   * is there.
   */
  private boolean hasOneThatAnswers() {
    if (connections.getHikariPoolMXBean().getIdleConnections() == 0) {
      return false;
    }
    try (Connection idle = connections.getConnection()) {
      return idle.isValid(Math.toIntExact(Math.max(1, answerTime.toSeconds())));
    } catch (SQLException e) {
      return false;
    }
  }

  @Override
  public void close() {
    state.close();
    connections.close();
    maker.closeSpare();
  }
}
