package org.postern.driver.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What belongs to one connection: its way to read literals, and its prepared statements. */
final class SqlSession {
  /** Tables come and go, and their statements should not stay for ever. */
  private static final int MOST_STATEMENTS = 64;

  private final Connection connection;
  private final Dialect dialect;
  private final @Nullable QueryConversation conversation;
  private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(16, 0.75f, true);

  SqlSession(Connection connection, Dialect dialect) throws SQLException {
    this.connection = connection;
    this.dialect = dialect;
    this.conversation = dialect.conversation(connection);
  }

  /** The connection as one that takes bytes, if it does. */
  @Nullable QueryConversation conversation() {
    return conversation;
  }

  boolean backslashEscapes() {
    return conversation != null && conversation.backslashEscapes();
  }

  /** A statement for this text, prepared when it is first asked for. Not to be closed. */
  PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement known = statements.get(sql);
    if (known != null) {
      return known;
    }
    PreparedStatement made = dialect.prepare(connection, sql, true);
    statements.put(sql, made);
    if (statements.size() > MOST_STATEMENTS) {
      var eldest = statements.entrySet().iterator();
      PreparedStatement unused = eldest.next().getValue();
      eldest.remove();
      unused.close();
    }
    return made;
  }

  /** Has a statement prepared anew next time: the tables that it asks may have changed. */
  void forget(String sql) {
    @Nullable PreparedStatement failed = statements.remove(sql);
    if (failed != null) {
      try {
        failed.close();
      } catch (SQLException e) {
        // It failed before; the connection's end cleans up after it.
      }
    }
  }

  /** A statement for this text, to be closed. */
  PreparedStatement statementOnce(String sql) throws SQLException {
    return dialect.prepare(connection, sql, false);
  }
}
