package org.postern.driver.sql;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postern.driver.database.HostState.Trouble;
import org.postern.driver.sql.Dialect.Server;

/**
 * Makes connections for HikariCP, notes why it could not, and keeps what belongs to each connection
 * that is open. Any thread may call.
 */
final class ConnectionMaker implements DataSource {
  private final Server server;
  private final Duration connectTime;
  private final Duration answerTime;
  private final AtomicLong failures = new AtomicLong();
  private volatile @Nullable Trouble trouble;

  /** By the driver's own connection, beneath HikariCP's. */
  private final Map<Connection, SqlSession> sessions = new ConcurrentHashMap<>();

  ConnectionMaker(Server server, Duration connectTime, Duration answerTime) {
    this.server = server;
    this.connectTime = connectTime;
    this.answerTime = answerTime;
  }

  /** How often connecting has failed so far. */
  long failures() {
    return failures.get();
  }

  /** Why it failed last. */
  @Nullable Trouble trouble() {
    return trouble;
  }

  SqlSession session(Connection borrowed, Dialect dialect) throws SQLException {
    Connection own = borrowed.unwrap(Connection.class);
    SqlSession session = sessions.get(own);
    if (session == null) {
      session = new SqlSession(own, dialect);
      sessions.put(own, session);
    }
    return session;
  }

  /** No such user, password or database: only somebody who mends it makes a difference. */
  private static boolean isRefusal(SQLException e) {
    String state = e.getSQLState();
    return state != null
        && (state.startsWith("28") || state.startsWith("3D") || state.startsWith("42"));
  }

  private static boolean isClosed(Connection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    sessions.keySet().removeIf(ConnectionMaker::isClosed);
    try {
      return server.connect(connectTime, answerTime);
    } catch (SQLException | RuntimeException e) {
      SQLException why = e instanceof SQLException sql ? sql : new SQLException(e.toString(), e);
      trouble = new Trouble(server.connectFailed(why), isRefusal(why));
      failures.incrementAndGet();
      throw why;
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    return getConnection();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  @Override
  public int getLoginTimeout() {
    return (int) connectTime.toSeconds();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("nothing is logged");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
