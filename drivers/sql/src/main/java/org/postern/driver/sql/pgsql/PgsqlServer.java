package org.postern.driver.sql.pgsql;

import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.postern.driver.sql.Dialect;
import org.postern.driver.sql.Troubles;
import org.postgresql.Driver;

/** One PostgreSQL server, or several that its library tries in turn, and how to connect to it. */
record PgsqlServer(
    PgsqlAddress address, Charset charset, Duration idleInterval, Duration retryInterval)
    implements Dialect.Server {

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

  @Override
  public Connection connect(Duration connectTime, Duration answerTime) throws SQLException {
    Properties properties = new Properties();
    if (!address.user().isEmpty()) {
      properties.setProperty("user", address.user());
    }
    if (!address.password().value().isEmpty()) {
      properties.setProperty("password", address.password().value());
    }
    // Several servers share the time. One that does not say whether it has TLS is, where that is
    // not demanded, asked without: that must not take twice the time that a lookup has.
    Duration each =
        connectTime.dividedBy(address.hosts().chars().filter(c -> c == ',').count() + 1);
    properties.setProperty("connectTimeout", seconds(each));
    properties.setProperty("socketTimeout", seconds(each));
    properties.setProperty("sslResponseTimeout", Long.toString(each.dividedBy(2).toMillis()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("assumeMinServerVersion", "9.0");
    // Prepared on the server from the first use on; values as text, as the C library gets them.
    properties.setProperty("prepareThreshold", "1");
    properties.setProperty("binaryTransfer", "false");
    // A parameter is what a literal is: of a type that its place decides.
    properties.setProperty("stringtype", "unspecified");
    address.options().forEach(properties::setProperty);
    if (address.options().containsKey("sslrootcert")
        && !address.options().getOrDefault("sslmode", "prefer").startsWith("verify-")
        && !address.options().getOrDefault("sslmode", "prefer").equals("disable")) {
      properties.setProperty("sslmode", "verify-ca");
    }
    String hosts = address.hosts();
    if (address.socket().isPresent()) {
      hosts = "localhost";
      properties.setProperty("sslmode", "disable");
      properties.setProperty(
          "socketFactory", "org.newsclub.net.unix.AFUNIXSocketFactory$FactoryArg");
      properties.setProperty("socketFactoryArg", address.socket().get());
    }
    Connection connection =
        new Driver()
            .connect(
                "jdbc:postgresql://"
                    + hosts
                    + "/"
                    + URLEncoder.encode(address.database(), StandardCharsets.UTF_8),
                properties);
    if (connection == null) {
      throw new SQLException("not an address: " + name());
    }
    try (Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, (int) answerTime.toMillis());
      statement.execute(
          "SET statement_timeout = " + Dialect.Server.queryTime(answerTime).toMillis());
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
    return connection;
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
