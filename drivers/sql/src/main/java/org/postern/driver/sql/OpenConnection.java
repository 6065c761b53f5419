package org.postern.driver.sql;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One connection as HikariCP has it: tells when it is really closed, which HikariCP does in the
 * background and after it has stopped counting it; and keeps what belongs to it. Used by one thread
 * at a time.
 */
final class OpenConnection implements InvocationHandler {
  private final Connection own;
  private final Runnable whenClosed;
  private final long made = System.nanoTime();
  private final AtomicBoolean closed = new AtomicBoolean();
  private @Nullable SqlSession session;

  private OpenConnection(Connection own, Runnable whenClosed) {
    this.own = own;
    this.whenClosed = whenClosed;
  }

  /**
   * A connection that is as the given one.
   *
   * @param whenClosed run once, when it has been closed or aborted
   */
  static Connection around(Connection own, Runnable whenClosed) {
    return (Connection)
        Proxy.newProxyInstance(
            OpenConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new OpenConnection(own, whenClosed));
  }

  /** What is beneath a connection that HikariCP has given. */
  static OpenConnection of(Connection borrowed) throws SQLException {
    return (OpenConnection) Proxy.getInvocationHandler(borrowed.unwrap(Connection.class));
  }

  /** The database library's own connection. */
  Connection own() {
    return own;
  }

  /** When it was made, as of {@link System#nanoTime}. */
  long made() {
    return made;
  }

  /** Its statements and its way to read literals. */
  SqlSession session(Dialect dialect) throws SQLException {
    SqlSession known = session;
    if (known == null) {
      known = new SqlSession(own, dialect);
      session = known;
    }
    return known;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    boolean ends = method.getName().equals("close") || method.getName().equals("abort");
    if (method.getName().equals("setNetworkTimeout") && arguments != null) {
      // HikariCP has it done by other threads, but for what it knows to be MySQL: where Connector/J
      // does it then and there, two calls in a row may come in the wrong order.
      arguments[0] = (Executor) Runnable::run;
    }
    try {
      return method.invoke(own, arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      throw cause == null ? e : cause;
    } finally {
      if (ends && closed.compareAndSet(false, true)) {
        whenClosed.run();
      }
    }
  }
}
