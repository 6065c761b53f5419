package org.postern.driver.sql.mysql;

import java.nio.charset.Charset;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postern.driver.sql.Charsets;
import org.postern.driver.sql.Dialect;
import org.postern.driver.sql.HostName;
import org.postern.driver.sql.QueryConversation;
import org.postern.driver.sql.SqlSyntax;
import org.postern.driver.sql.Troubles;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.Secret;
import org.postern.tablekit.TableConfig;

/** MySQL and MariaDB. */
public final class MysqlDialect implements Dialect {
  private static final SqlSyntax SYNTAX = new SqlSyntax(true, true, true, false, false);
  private static final int PORT = 3306;
  private static final String LOCALHOST = "localhost";
  private static final int INTERVAL = 60;
  private static final Pattern BACKSLASHES_OR_OTHERS = Pattern.compile("\\\\+|[^\\\\]+");

  @Override
  public String maptype() {
    return "mysql";
  }

  @Override
  public List<Server> servers(TableConfig config, TableOpening opening)
      throws TableUnavailableException {
    Charset charset = Charsets.of(config, "charset", "utf8mb4");
    OptionFile options = OptionFile.read(config, opening);
    String user = ConnectionText.of(config, "user", config.string("user").orElse(""), charset);
    String database = ConnectionText.of(config, "dbname", config.string("dbname", "", 1), charset);
    // Byte for byte what is sent: MysqlServer knows in which character set.
    Secret password = config.secret("password");
    MysqlTls tls = MysqlTls.read(config, options, opening);
    Duration idle = Duration.ofSeconds(config.integer("idle_interval", INTERVAL, 1, 0));
    Duration retry = Duration.ofSeconds(config.integer("retry_interval", INTERVAL, 1, 0));
    String effectiveUser =
        user.isEmpty()
            ? ConnectionText.of(config, "user", options.get("user").orElse(""), charset)
            : user;
    Secret effectivePassword =
        password.value().isEmpty() ? new Secret(options.get("password").orElse("")) : password;
    List<Server> servers = new ArrayList<>();
    for (String word : HostName.words(config, opening.logger())) {
      HostName host = HostName.parse(word, config);
      // Postfix names no host for localhost, whatever the port, nor for a socket. Then the C
      // library
      // takes the one of its file, and only if there is none or localhost the socket.
      boolean isHere = host.isPath() || host.host().equalsIgnoreCase(LOCALHOST);
      String name = isHere ? options.text("host").orElse("") : host.host();
      Optional<String> socket = Optional.empty();
      if (isHere && (name.isEmpty() || name.equals(LOCALHOST))) {
        socket = Optional.of(host.isPath() ? host.host() : options.socket());
      }
      servers.add(
          new MysqlServer(
              word,
              name,
              host.port() == 0 ? options.port().orElse(PORT) : host.port(),
              socket,
              effectiveUser,
              effectivePassword,
              database,
              charset,
              tls,
              idle,
              retry));
    }
    return servers;
  }

  @Override
  public SqlSyntax syntax() {
    return SYNTAX;
  }

  @Override
  public QueryConversation conversation(Connection connection) throws SQLException {
    return new MysqlConversation(connection);
  }

  /** To MySQL, {@code n = 'bob'} is {@code n = 0}. */
  @Override
  public boolean wantsNumbers() {
    return true;
  }

  /**
   * How a backslash is read is a mode of a session, and behind a proxy the session may be another
   * one by now. The left half of an even number of them is the same in each mode, and has the
   * collation and the coercibility of a literal.
   */
  @Override
  public String literal(String value) {
    if (value.indexOf('\\') < 0) {
      return plain(value);
    }
    List<String> pieces = new ArrayList<>();
    Matcher piece = BACKSLASHES_OR_OTHERS.matcher(value);
    while (piece.find()) {
      String text = piece.group();
      pieces.add(
          text.startsWith("\\")
              ? "LEFT('%s',%d)".formatted(text + text, text.length())
              : plain(text));
    }
    return " "
        + (pieces.size() == 1 ? pieces.getFirst() : "CONCAT(" + String.join(",", pieces) + ")");
  }

  private static String plain(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  @Override
  public SQLException afterTimeout(Server server, Connection connection, SQLException timeout) {
    return ((MysqlServer) server).afterTimeout(connection, timeout);
  }

  @Override
  public String queryFailed(Server server, SQLException e) {
    return "mysql query failed: " + Troubles.oneLine(String.valueOf(e.getMessage()));
  }

  @Override
  public List<String> describe(Connection connection) throws SQLException {
    DatabaseMetaData data = connection.getMetaData();
    // MariaDB 10 says so, for clients that would not talk to a MySQL newer than they are.
    String version = data.getDatabaseProductVersion().replaceFirst("^5\\.5\\.5-(?=.*MariaDB)", "");
    String cipher = "";
    try (Statement statement = connection.createStatement();
        ResultSet status = statement.executeQuery("SHOW STATUS LIKE 'Ssl_cipher'")) {
      if (status.next()) {
        cipher = status.getString(2);
      }
    }
    return List.of(
        "by: MySQL Connector/J " + data.getDriverVersion().replaceAll(" \\(.*|.*-j-", ""),
        "to: %s %s, %s"
            .formatted(
                version.contains("MariaDB") ? "MariaDB" : data.getDatabaseProductName(),
                version,
                cipher.isEmpty() ? "without TLS" : "with TLS, " + cipher));
  }
}
