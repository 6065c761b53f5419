package org.postern.driver.sql;

import java.sql.SQLException;
import java.util.List;

/**
 * A connection that takes a query as its bytes and gives values as the bytes that the server sent:
 * nothing is converted on the way. Used by one thread at a time.
 */
public interface QueryConversation {

  /** Whether the server reads backslashes in literals as escapes, as it has last said. */
  boolean backslashEscapes();

  /**
   * Asks a query of one or several statements. As with the C library, the result of the last one
   * counts.
   *
   * @param sql a byte string without NUL
   * @return the values of all rows, byte strings, row by row; NULL is an empty one
   * @throws SQLException with the server's SQLSTATE when one of the statements fails
   */
  List<String> ask(String sql) throws SQLException;
}
