package org.postern.driver.sql;

import java.net.UnknownHostException;
import java.sql.SQLException;

/** What exceptions have to say, in one line. */
public final class Troubles {
  private static final int DEEPEST = 20;

  private Troubles() {}

  /** What lies at the bottom of a failed connection: {@code Connection refused}. */
  public static String root(SQLException e) {
    Throwable root = e;
    for (int depth = 0; depth < DEEPEST && root.getCause() != null; depth++) {
      root = root.getCause();
    }
    String message = root.getMessage() == null ? root.toString() : root.getMessage();
    return oneLine(root instanceof UnknownHostException ? "unknown host " + message : message);
  }

  /** The message of an exception, without line breaks. */
  public static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
