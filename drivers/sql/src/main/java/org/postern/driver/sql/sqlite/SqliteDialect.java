package org.postern.driver.sql.sqlite;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.driver.sql.BareNumber;
import org.postern.driver.sql.Dialect;
import org.postern.driver.sql.SqlSyntax;
import org.postern.driver.sql.Troubles;
import org.postern.driver.sql.UnquotableException;
import org.postern.platform.libc.NativeLibraries;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.SourceFile;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.TableConfig;
import org.sqlite.SQLiteJDBCLoader;

/** SQLite. */
public final class SqliteDialect implements Dialect {
  static {
    NativeLibraries.tell("org.sqlite.lib.path", SQLiteJDBCLoader.class, "");
    // Where it would remove what other processes have unpacked.
    NativeLibraries.tell("org.sqlite.tmpdir", SQLiteJDBCLoader.class, "");
  }

  private static final SqlSyntax SYNTAX = new SqlSyntax(true, true, false, false, false);

  @Override
  public boolean wantsUtf8() {
    return true;
  }

  @Override
  public String maptype() {
    return "sqlite";
  }

  @Override
  public List<Server> servers(TableConfig config, TableOpening opening)
      throws TableUnavailableException {
    String name = config.text("dbpath", config.string("dbpath", "", 1));
    Path file = SourceFile.resolve(name, opening);
    if (!Files.isReadable(file)) {
      opening.watch(file); // only to see it come: one that is there changes all the time
      throw new TableUnavailableException(
          config.table() + ": Can't open database: unable to open database file");
    }
    return List.of(new SqliteServer(file));
  }

  @Override
  public void preload() {
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception e) {
      throw new IllegalStateException("cannot load SQLite: " + e.getMessage(), e);
    }
  }

  @Override
  public SqlSyntax syntax() {
    return SYNTAX;
  }

  @Override
  public PreparedStatement prepare(Connection connection, String sql, boolean constant)
      throws SQLException {
    return connection.prepareStatement(sql);
  }

  /**
   * A number without quotes in the query is one: in an expression, which has no affinity, text
   * would not be equal to it.
   */
  @Override
  public void bind(
      PreparedStatement statement, int parameter, String value, boolean isBare, Charset charset)
      throws SQLException, UnquotableException {
    if (!isBare || !BareNumber.is(value)) {
      Dialect.super.bind(statement, parameter, value, isBare, charset);
      return;
    }
    try {
      statement.setLong(parameter, Long.parseLong(value));
    } catch (NumberFormatException e) {
      statement.setDouble(parameter, Double.parseDouble(value));
    }
  }

  /** What sqlite3_column_text() gives: the bytes of text that is not UTF-8, too. */
  @Override
  public @Nullable String value(ResultSet rows, Charset charset) throws SQLException {
    String value = rows.getString(1);
    if (value == null || ByteText.isAscii(value)) {
      return value;
    }
    // SQLite has made it UTF-8 by now, whatever the database has.
    return ByteText.of(value.indexOf('\ufffd') >= 0 ? rows.getBytes(1) : value.getBytes(charset));
  }

  @Override
  public String queryFailed(Server server, SQLException e) {
    String text = Troubles.oneLine(String.valueOf(e.getMessage()));
    int open = text.indexOf('(');
    boolean isDetailed = open > 0 && text.endsWith(")");
    return (text.startsWith("[SQLITE_ERROR]") ? "SQL prepare failed: " : "SQL step failed: ")
        + (isDetailed ? text.substring(open + 1, text.length() - 1) : text)
        + ((SqliteServer) server).kind(e);
  }

  @Override
  public List<String> describe(Connection connection) throws SQLException {
    DatabaseMetaData data = connection.getMetaData();
    return List.of(
        "by: SQLite JDBC " + data.getDriverVersion(),
        "to: SQLite " + data.getDatabaseProductVersion() + ", a file");
  }
}
