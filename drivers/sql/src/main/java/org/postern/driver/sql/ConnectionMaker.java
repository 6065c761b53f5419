package org.postern.driver.sql;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postern.driver.sql.Dialect.Server;
import org.postern.driver.sql.Slots.Slot;
import org.postern.tablekit.GrantedConnections;
import org.postern.tablekit.HostState.Trouble;

/**
 * Makes the connections to one server for HikariCP, never more than there may be, and notes why it
 * could not. Any thread may call.
 */
final class ConnectionMaker implements DataSource {
  private final Server server;
  private final Duration connectTime;
  private final Duration answerTime;
  private final Slots slots;
  private final GrantedConnections granted;

  /** One that a check has made, for whoever wants the next. */
  private final AtomicReference<@Nullable Connection> spare = new AtomicReference<>();

  private final AtomicLong failures = new AtomicLong();
  private volatile @Nullable Trouble trouble;

  /**
   * @param most how many may be open at a time
   * @param granted how many of them the server lets us have
   * @param connectTime how long making one may take
   * @param answerTime how long any answer may take
   */
  ConnectionMaker(
      Server server,
      int most,
      GrantedConnections granted,
      Duration connectTime,
      Duration answerTime) {
    this.server = server;
    this.slots = new Slots(most);
    this.granted = granted;
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

  /** No such user, password or database: only somebody who mends it makes a difference. */
  private static boolean isRefusal(SQLException e) {
    String state = e.getSQLState();
    return state != null
        && (state.startsWith("28") || state.startsWith("3D") || state.startsWith("42"));
  }

  /**
   * Makes a connection to see whether the server answers, and keeps it for the next who wants one.
   */
  void makeSpare() throws SQLException {
    if (spare.get() == null) {
      Connection made = connect();
      if (!spare.compareAndSet(null, made)) {
        made.close();
      }
    }
  }

  /** Closes the spare one, if there is one. */
  void closeSpare() {
    Connection unused = spare.getAndSet(null);
    if (unused != null) {
      try {
        unused.close();
      } catch (SQLException e) {
        // Nobody has it, and nobody wants it.
      }
    }
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection made = spare.getAndSet(null);
    return made != null ? made : connect();
  }

  private Connection connect() throws SQLException {
    Slot slot = slots.take(connectTime);
    if (!granted.mayBegin()) {
      slot.giveBack();
      throw new SQLTransientException("the server grants no more connections");
    }
    Runnable ended =
        () -> {
          granted.ended();
          slot.giveBack();
        };
    boolean connected = false;
    try {
      Connection made = server.connect(connectTime, answerTime);
      connected = true;
      return OpenConnection.around(made, ended);
    } catch (SQLException | RuntimeException e) {
      SQLException why = e instanceof SQLException sql ? sql : new SQLException(e.toString(), e);
      String reason = server.connectFailed(why);
      if (Troubles.isTooManyConnections(why) && granted.refused(reason)) {
        throw new SQLTransientException(reason, why);
      }
      trouble = new Trouble(reason, isRefusal(why));
      failures.incrementAndGet();
      throw why;
    } finally {
      if (!connected) {
        ended.run();
      }
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
