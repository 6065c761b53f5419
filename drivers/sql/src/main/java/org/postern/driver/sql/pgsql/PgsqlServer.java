package org.postern.driver.sql.pgsql;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import javax.net.SocketFactory;
import org.postern.driver.sql.Dialect;
import org.postern.driver.sql.Troubles;
import org.postern.platform.socket.StreamSocket;
import org.postern.platform.text.ByteText;
import org.postgresql.jdbcurlresolver.PgPassParser;
import org.postgresql.util.HostSpec;

/**
 * One PostgreSQL server, or several that are tried in turn, and how to connect to it.
 *
 * @param encoding what the server converts keys from and values to
 */
record PgsqlServer(
    PgsqlAddress address, String encoding, Duration idleInterval, Duration retryInterval)
    implements Dialect.Server {
  /** What is told to the server when the connection string has it, by the JDBC driver's names. */
  private static final Map<String, String> SETTINGS =
      Map.of("ApplicationName", "application_name", "options", "options");

  @Override
  public String name() {
    return address.name();
  }

  @Override
  public String backendName() {
    return PgsqlAddress.isUri(address.name())
        ? address.name()
        : (address.user().isEmpty() ? "" : address.user() + "@")
            + address.name()
            + "/"
            + address.database();
  }

  @Override
  public boolean isLocal() {
    return address.socket().isPresent();
  }

  /** Nothing is converted here. */
  @Override
  public Charset charset() {
    return StandardCharsets.UTF_8;
  }

  @Override
  public Connection connect(Duration connectTime, Duration answerTime) throws SQLException {
    List<HostSpec> hosts =
        address.socket().isPresent()
            ? List.of(new HostSpec("localhost", PgsqlAddress.PORT))
            : address.hostSpecs();
    // Several servers share the time. One that does not say whether it has TLS is, where that is
    // not demanded, asked without: that must not take twice the time that a lookup has.
    Duration each = connectTime.dividedBy(hosts.size());
    Properties properties = new Properties();
    properties.setProperty("connectTimeout", seconds(each));
    properties.setProperty("socketTimeout", seconds(each));
    properties.setProperty("sslResponseTimeout", Long.toString(each.dividedBy(2).toMillis()));
    address.options().forEach(properties::setProperty);
    if (address.options().containsKey("sslrootcert")
        && !address.options().getOrDefault("sslmode", "prefer").startsWith("verify-")
        && !address.options().getOrDefault("sslmode", "prefer").equals("disable")) {
      properties.setProperty("sslmode", "verify-ca");
    }
    if (address.socket().isPresent()) {
      properties.setProperty("sslmode", "disable");
    }
    String user = address.user().isEmpty() ? System.getProperty("user.name", "") : address.user();
    String database = address.database().isEmpty() ? user : address.database();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("user", user);
    settings.put("database", database);
    SETTINGS.forEach((option, setting) -> {
      String value = address.options().get(option);
      if (value != null) {
        settings.put(setting, value);
      }
    });
    settings.put("client_encoding", encoding);
    Frontend frontend =
        new Startup(sockets(), properties, settings, password(hosts.getFirst(), user, database))
            .connect(hosts, each, answerTime);
    return PooledFrontend.around(frontend, answerTime);
  }

  private SocketFactory sockets() {
    return address
        .socket()
        .map(path -> StreamSocket.unix(Path.of(path)))
        .orElseGet(StreamSocket::tcp);
  }

  /** The bytes of the one in the table's file, or in {@code ~/.pgpass}; or empty. */
  private String password(HostSpec host, String user, String database) {
    if (!address.password().value().isEmpty()) {
      return address.password().value();
    }
    String saved =
        PgPassParser.getPassword(host.getHost(), Integer.toString(host.getPort()), database, user);
    return saved == null ? "" : ByteText.of(saved.getBytes(StandardCharsets.UTF_8));
  }

  private static String seconds(Duration time) {
    return Long.toString(Math.max(1, time.toSeconds()));
  }

  @Override
  public String connectFailed(SQLException e) {
    // The driver's own message names the host again; what lies beneath says more.
    return "connect to pgsql server %s: %s"
        .formatted(name(), Troubles.ofConnecting(e, address.hosts().replaceFirst(":\\d+$", "")));
  }
}
