package org.postern.driver.sql.pgsql;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Frontend} as the pool wants it: a connection that can be checked and closed. What the
 * pool would set at the server is left alone: the connection is as the server made it.
 */
final class PooledFrontend implements InvocationHandler {
  private final Frontend frontend;
  private int timeout;

  private PooledFrontend(Frontend frontend, Duration answerTime) {
    this.frontend = frontend;
    this.timeout = (int) answerTime.toMillis();
  }

  static Connection around(Frontend frontend, Duration answerTime) {
    return (Connection)
        Proxy.newProxyInstance(
            PooledFrontend.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new PooledFrontend(frontend, answerTime));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws SQLException {
    Object first = arguments == null || arguments.length == 0 ? null : arguments[0];
    return switch (method.getName()) {
      case "unwrap" -> {
        if (first instanceof Class<?> type && type.isInstance(frontend)) {
          yield frontend;
        }
        throw new SQLException("no " + first);
      }
      case "isWrapperFor" -> first instanceof Class<?> type && type.isInstance(frontend);
      case "close" -> {
        frontend.close();
        yield null;
      }
      case "abort" -> {
        if (first instanceof Executor executor) {
          executor.execute(frontend::abort);
        }
        yield null;
      }
      case "isClosed" -> frontend.isClosed();
      case "isValid" ->
          frontend.isValid(
              Duration.ofSeconds(first instanceof Integer seconds ? Math.max(1, seconds) : 1));
      case "getNetworkTimeout" -> timeout;
      case "setNetworkTimeout" -> {
        if (arguments != null && arguments[1] instanceof Integer millis) {
          timeout = millis; // the frontend has its own, which are shorter
        }
        yield null;
      }
      case "getAutoCommit" -> true;
      case "isReadOnly" -> false;
      case "getTransactionIsolation" -> Connection.TRANSACTION_READ_COMMITTED;
      case "getWarnings", "getCatalog", "getSchema", "clearWarnings", "rollback", "commit" -> null;
      case "setAutoCommit", "setReadOnly", "setTransactionIsolation" -> null;
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" ->
          first != null
              && Proxy.isProxyClass(first.getClass())
              && Proxy.getInvocationHandler(first).equals(this);
      case "toString" -> "a connection to a PostgreSQL server";
      default -> throw new SQLFeatureNotSupportedException(method.getName());
    };
  }
}
