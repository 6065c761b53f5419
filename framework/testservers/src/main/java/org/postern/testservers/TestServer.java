package org.postern.testservers;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A real database server of a test, on a port and a socket of its own. */
public interface TestServer extends AutoCloseable {
  String maptype();

  int port();

  /** What {@code hosts} has after {@code unix:}. */
  Path socket();

  /** A connection that may do everything. */
  Connection admin() throws SQLException;

  /** One to the database of the tables. */
  default Connection tables() throws SQLException {
    return admin();
  }

  /** Ends it at once. */
  void kill() throws Exception;

  /** Starts it again on the same data, port and socket. */
  void restart() throws Exception;

  @Override
  void close() throws IOException;

  /** The beginning of a .cf file. */
  default String config(String hosts) {
    return "hosts = %s\nuser = mail\npassword = s3cr3t\ndbname = mail\n".formatted(hosts);
  }

  default String config() {
    return config("127.0.0.1:" + port());
  }

  default void execute(String... statements) throws SQLException {
    try (Connection connection = tables();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  default List<String> query(String sql) throws SQLException {
    try (Connection connection = tables();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    }
  }

  /** SQL that counts the connections of the tables' user, for {@link #admin}. */
  String countingConnections();

  /** How many connections the user of the tables has, as the server counts them. */
  default int connections() throws SQLException {
    try (Connection connection = admin();
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery(countingConnections())) {
      count.next();
      return count.getInt(1);
    }
  }

  /** Has the server end all connections of the tables' user. */
  void cutConnections() throws Exception;
}
