package org.postern.driver.sql.mysql;

import com.mysql.cj.conf.PropertyKey;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.NonRegisteringDriver;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.postern.driver.sql.Dialect;
import org.postern.driver.sql.Troubles;
import org.postern.tablekit.Secret;

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
  private static final System.Logger LOGGER = System.getLogger("org.postern.table.mysql");

  /** Servers of which it has been said that they are asked without TLS. */
  private static final Set<String> WITHOUT_TLS = ConcurrentHashMap.newKeySet();

  private static final int NO_SUCH_THREAD = 1094;
  private static final int DEEPEST = 20;

  /** Lookups that have waited so long have a tenth of their time left. */
  private static final Duration END_TIME = Duration.ofSeconds(1);

  @Override
  public String backendName() {
    return (user.isEmpty() ? "" : user + "@") + name + "/" + database;
  }

  @Override
  public boolean isLocal() {
    return socket.isPresent();
  }

  /** The one that MariaDB's library names: by it, literals are compared with each other. */
  private String collation() {
    return charset.equals(StandardCharsets.UTF_8)
        ? "utf8mb4_general_ci"
        : charset.equals(StandardCharsets.US_ASCII) ? "ascii_general_ci" : "latin1_swedish_ci";
  }

  @Override
  public Connection connect(Duration connectTime, Duration answerTime) throws SQLException {
    Properties properties = properties(connectTime);
    Connection connection;
    try {
      connection = connect(properties);
    } catch (SQLException e) {
      if (socket.isPresent() || !tls.goesOnWithout() || !isAboutTls(e)) {
        throw e;
      }
      properties.setProperty("sslMode", "DISABLED");
      connection = connect(properties);
      if (WITHOUT_TLS.add(name)) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "mysql server %s: connected without TLS, since that fails: %s; write postern_tls = no"
                    .formatted(name, Troubles.ofConnecting(e, host))
                + " in the table's file to leave it out, or tls_CAfile to insist on it");
      }
    }
    try {
      // What both sides agreed on stands. From here on Connector/J shall make a byte of each char.
      connection
          .unwrap(JdbcConnection.class)
          .getPropertySet()
          .<String>getProperty(PropertyKey.characterEncoding)
          .setValue("ISO-8859-1");
      connection.setNetworkTimeout(
          Runnable::run, (int) Dialect.Server.queryTime(answerTime).toMillis());
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  private Connection connect(Properties properties) throws SQLException {
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
    return connection;
  }

  /** The server's and Java's ideas of TLS have nothing in common, or the server has broken ones. */
  private static boolean isAboutTls(SQLException e) {
    Throwable cause = e;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof SSLException || cause instanceof GeneralSecurityException) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private Properties properties(Duration connectTime) {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    addPassword(properties);
    properties.setProperty("connectTimeout", Long.toString(connectTime.toMillis()));
    properties.setProperty("socketTimeout", Long.toString(connectTime.toMillis()));
    // The server converts: nothing comes in another character set than the connection's.
    String encoding =
        charset.equals(StandardCharsets.UTF_8)
            ? "UTF-8"
            : charset.equals(StandardCharsets.US_ASCII) ? "US-ASCII" : "Cp1252";
    properties.setProperty("characterEncoding", encoding);
    properties.setProperty("connectionCollation", collation());
    properties.setProperty("characterSetResults", encoding);
    // One round trip for each lookup: nothing but the query is asked. Nothing is set at the server:
    // behind a proxy, the next query may be asked over another program's session.
    properties.setProperty("useLocalSessionState", "true");
    properties.setProperty("elideSetAutoCommits", "true");
    properties.setProperty("jdbcCompliantTruncation", "false");
    properties.setProperty("maintainTimeStats", "false");
    properties.setProperty("enableQueryTimeouts", "false");
    properties.setProperty("connectionAttributes", "none");
    // Values as text, as they are; the query as it stands.
    properties.setProperty("tinyInt1isBit", "false");
    properties.setProperty("yearIsDateType", "false");
    properties.setProperty("noDatetimeStringSync", "true");
    properties.setProperty("blobsAreStrings", "true");
    properties.setProperty("allowLoadLocalInfile", "false");
    properties.setProperty("allowPublicKeyRetrieval", "true");
    properties.setProperty("paranoid", "true");
    properties.setProperty("authenticationPlugins", MariaDbAuthentication.CLASSES);
    properties.setProperty("socketFactory", MysqlSockets.class.getName());
    if (socket.isPresent()) {
      properties.setProperty("sslMode", "DISABLED");
      properties.setProperty(MysqlSockets.PATH, socket.get());
    } else {
      tls.addTo(properties);
    }
    return properties;
  }

  /** So that the server gets the bytes that stand in the table's file. */
  private void addPassword(Properties properties) {
    String characters = ConnectionText.of(password.value(), charset);
    if (characters != null) {
      properties.setProperty("password", characters);
    } else {
      properties.setProperty("password", password.value());
      properties.setProperty("passwordCharacterEncoding", "ISO-8859-1");
    }
  }

  /**
   * Ends, over another connection, what a connection is still asking, and that connection with it.
   * A proxy does the same for the server behind it.
   *
   * @return a {@link SQLTimeoutException} if the server has done so; else what had happened before
   */
  SQLException afterTimeout(Connection connection, SQLException timeout) {
    long id;
    try {
      id = connection.unwrap(JdbcConnection.class).getId();
    } catch (SQLException e) {
      return timeout;
    }
    try (Connection other = connect(properties(END_TIME));
        Statement statement = other.createStatement()) {
      statement.execute("KILL " + id);
    } catch (SQLException e) {
      if (e.getErrorCode() != NO_SUCH_THREAD) {
        return timeout;
      }
    }
    return new SQLTimeoutException(
        "the query took longer than nine tenths of postern_lookup_timeout, and was ended", timeout);
  }

  @Override
  public String connectFailed(SQLException e) {
    return "connect to mysql server " + name + ": " + Troubles.ofConnecting(e, host);
  }
}
