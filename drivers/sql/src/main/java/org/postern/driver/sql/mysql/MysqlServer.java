package org.postern.driver.sql.mysql;

import com.mysql.cj.jdbc.NonRegisteringDriver;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.postern.driver.database.Secret;
import org.postern.driver.sql.Dialect;
import org.postern.driver.sql.Troubles;

/** One MySQL or MariaDB server, and how to connect to it. */
record MysqlServer(
    String name,
    String host,
    int port,
    Optional<String> socket,
    String user,
    Secret password,
    String database,
    Charset charset,
    MysqlTls tls,
    Duration idleInterval,
    Duration retryInterval)
    implements Dialect.Server {
  /** MySQL before 5.7.8 and MariaDB before 10.1.1 have no limit. */
  private static final int UNKNOWN_VARIABLE = 1193;

  @Override
  public String backendName() {
    return (user.isEmpty() ? "" : user + "@") + name + "/" + database;
  }

  @Override
  public boolean isLocal() {
    return socket.isPresent();
  }

  @Override
  public Connection connect(Duration connectTime, Duration answerTime) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password.value());
    properties.setProperty("connectTimeout", Long.toString(connectTime.toMillis()));
    properties.setProperty("socketTimeout", Long.toString(connectTime.toMillis()));
    properties.setProperty(
        "characterEncoding", charset.equals(StandardCharsets.UTF_8) ? "UTF-8" : "Cp1252");
    // One round trip for each lookup: nothing but the query is asked. What the server's settings
    // are
    // is asked for each connection, since sql_mode says how a key is quoted.
    properties.setProperty("useLocalSessionState", "true");
    properties.setProperty("elideSetAutoCommits", "true");
    properties.setProperty("maintainTimeStats", "false");
    properties.setProperty("enableQueryTimeouts", "false");
    properties.setProperty("connectionAttributes", "none");
    // Values as text, as they are.
    properties.setProperty("tinyInt1isBit", "false");
    properties.setProperty("yearIsDateType", "false");
    properties.setProperty("noDatetimeStringSync", "true");
    properties.setProperty("blobsAreStrings", "true");
    properties.setProperty("allowLoadLocalInfile", "false");
    properties.setProperty("allowPublicKeyRetrieval", "true");
    properties.setProperty("paranoid", "true");
    if (socket.isPresent()) {
      properties.setProperty("sslMode", "DISABLED");
      properties.setProperty(
          "socketFactory", "org.newsclub.net.mysql.AFUNIXDatabaseSocketFactoryCJ");
      properties.setProperty("junixsocket.file", socket.get());
    } else {
      tls.addTo(properties);
    }
    String address =
        "address=(host=%s)(port=%d)".formatted(socket.isPresent() ? "localhost" : host, port);
    Connection connection =
        new NonRegisteringDriver()
            .connect(
                "jdbc:mysql://"
                    + address
                    + "/"
                    + URLEncoder.encode(database, StandardCharsets.UTF_8),
                properties);
    if (connection == null) {
      throw new SQLException("not an address: " + name);
    }
    try {
      connection.setNetworkTimeout(Runnable::run, (int) answerTime.toMillis());
      limitQueries(connection, Dialect.Server.queryTime(answerTime));
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  private static void limitQueries(Connection connection, Duration queryTime) throws SQLException {
    boolean isMariaDb = connection.getMetaData().getDatabaseProductVersion().contains("MariaDB");
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          isMariaDb
              ? "SET max_statement_time = " + queryTime.toMillis() / 1000.0
              : "SET max_execution_time = " + queryTime.toMillis());
    } catch (SQLException e) {
      if (e.getErrorCode() != UNKNOWN_VARIABLE) {
        throw e;
      }
    }
  }

  @Override
  public String connectFailed(SQLException e) {
    return "connect to mysql server " + name + ": " + Troubles.ofConnecting(e, host);
  }
}
