package org.postern.driver.sql;

import java.nio.charset.Charset;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.TableConfig;

/** What one database system has for itself. Stateless; any thread may call. */
public interface Dialect {

  /** The table type: {@code mysql}. */
  String maptype();

  /**
   * The query template, from {@code query} or the parameters of the time before it.
   *
   * @return a byte string
   */
  default String query(TableConfig config) throws TableUnavailableException {
    return LegacyQuery.of(config);
  }

  /**
   * The servers that a table names, with all that makes a difference to a connection.
   *
   * @return at least one
   */
  List<Server> servers(TableConfig config, TableOpening opening) throws TableUnavailableException;

  /** Loads the libraries in native code that connections need: {@link TableDriver#preload}. */
  default void preload() {}

  /** Whether a key that is not UTF-8 is in no table, as for Postfix's sqlite tables. */
  default boolean wantsUtf8() {
    return false;
  }

  /** How this system's SQL is written. */
  SqlSyntax syntax();

  /** The connection as one that takes and gives bytes; null when it is asked by statements. */
  default @Nullable QueryConversation conversation(Connection connection) throws SQLException {
    return null;
  }

  /**
   * Whether a value that stands without quotes in a query must be a number: a key that has none
   * there is in no table.
   */
  default boolean wantsNumbers() {
    return false;
  }

  /**
   * A value as a literal in the text of a query.
   *
   * @param value a byte string without NUL
   * @return a byte string
   * @throws UnquotableException when the server cannot be asked for it
   */
  default String literal(String value) throws UnquotableException {
    return Quoting.literal(value);
  }

  /**
   * What became of a query that the server did not answer in time.
   *
   * @param connection over which it was asked, of no use any more
   * @return the same when the server does not answer at all; a {@link java.sql.SQLTimeoutException}
   *     when it does, and has been told to end the query
   */
  default SQLException afterTimeout(Server server, Connection connection, SQLException timeout) {
    return timeout;
  }

  /**
   * A statement with {@code ?} for parameters, kept as long as the connection if it is constant.
   * Not called where there is a {@link #conversation}.
   */
  default PreparedStatement prepare(Connection connection, String sql, boolean constant)
      throws SQLException {
    throw new UnsupportedOperationException(maptype() + " is asked by text");
  }

  /**
   * Binds a part of the key.
   *
   * @param value a byte string
   * @param isBare whether it stands without quotes in the query
   * @throws UnquotableException when the server cannot be asked for it
   */
  default void bind(
      PreparedStatement statement, int parameter, String value, boolean isBare, Charset charset)
      throws SQLException, UnquotableException {
    statement.setString(parameter, Charsets.characters(value, charset));
  }

  /**
   * The first column of the current row as the bytes that this system's own library would give.
   *
   * @return a byte string; null for NULL
   */
  default @Nullable String value(ResultSet rows, Charset charset) throws SQLException {
    String value = rows.getString(1);
    return value == null ? null : Charsets.bytes(value, charset);
  }

  /** What a failed query is to the log, in Postfix's words. */
  String queryFailed(Server server, SQLException e);

  /** The library and the server, as {@code check} shows them. */
  List<String> describe(Connection connection) throws SQLException;

  /**
   * One server and how it is connected to. Two are the same when all of it is: implementations are
   * records, and print themselves without passwords.
   */
  interface Server {

    /** As an operator writes it: {@code db.example.com:3306}. */
    String name();

    /** For the name of its workers: server, database and user. */
    String backendName();

    /** Whether it is on this machine, over a UNIX socket or none. */
    boolean isLocal();

    /** {@code idle_interval}: how long an unused connection is kept. */
    Duration idleInterval();

    /** {@code retry_interval}: how long after a failure other servers are preferred. */
    Duration retryInterval();

    /** {@code charset} or {@code encoding}: what the bytes of keys and values are. */
    Charset charset();

    /**
     * Connects.
     *
     * @param connectTime how long the server may be silent meanwhile
     * @param answerTime how long any answer may take: after that the connection is broken, and a
     *     little earlier the server gives up a query by itself
     */
    Connection connect(Duration connectTime, Duration answerTime) throws SQLException;

    /**
     * What the server itself grants a query, so that it ends there too: one that goes on there
     * after nobody waits for it has a connection more than there should be.
     */
    static Duration queryTime(Duration answerTime) {
      return answerTime.multipliedBy(9).dividedBy(10);
    }

    /** Says why connecting failed, in Postfix's words and without a password. */
    String connectFailed(SQLException e);

    /** Whether connections are such that nothing can be changed over them. */
    default boolean isReadOnly() {
      return false;
    }

    /** Whether the server is no longer the one that connections lead to: a file replaced. */
    default boolean isReplaced() {
      return false;
    }
  }
}
