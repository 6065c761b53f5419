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
   * What a server has answered.
   *
   * @param values of all rows of the result that counts, byte strings, row by row; a NULL is empty
   *     or left out, as with the system's own library
   * @param results how many results with rows, or with room for some, there were
   * @param firstHasRows whether the first statement had such a result
   */
  record Answer(List<String> values, int results, boolean firstHasRows) {
    /** That of a system with which one result counts, whatever the others were. */
    public static Answer of(List<String> values) {
      return new Answer(values, 1, true);
    }
  }

  /**
   * Asks a query of one or several statements.
   *
   * @param sql a byte string without NUL
   * @throws SQLException with the server's SQLSTATE when one of the statements fails
   */
  Answer ask(String sql) throws SQLException;
}
