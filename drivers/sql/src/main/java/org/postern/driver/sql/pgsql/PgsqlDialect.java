package org.postern.driver.sql.pgsql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.driver.sql.Dialect;
import org.postern.driver.sql.HostName;
import org.postern.driver.sql.QueryConversation;
import org.postern.driver.sql.SqlSyntax;
import org.postern.driver.sql.Troubles;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.Secret;
import org.postern.tablekit.TableConfig;
import org.postgresql.util.DriverInfo;

/** PostgreSQL. */
public final class PgsqlDialect implements Dialect {
  private static final SqlSyntax SYNTAX = new SqlSyntax(false, false, false, true, true);
  private static final int INTERVAL = 60;

  @Override
  public String maptype() {
    return "pgsql";
  }

  @Override
  public String query(TableConfig config) throws TableUnavailableException {
    Optional<String> query = config.string("query").filter(text -> !text.isEmpty());
    Optional<String> function = config.string("select_function").filter(text -> !text.isEmpty());
    return query.isEmpty() && function.isPresent()
        ? "SELECT " + function.get() + "('%s')"
        : Dialect.super.query(config);
  }

  @Override
  public List<Server> servers(TableConfig config, TableOpening opening)
      throws TableUnavailableException {
    String user = config.text("user", config.string("user").orElse(""));
    Secret password = config.secret("password");
    String database = config.text("dbname", config.string("dbname", "", 1));
    String encoding = Encodings.of(config);
    Duration idle = Duration.ofSeconds(config.integer("idle_interval", INTERVAL, 1, 0));
    Duration retry = Duration.ofSeconds(config.integer("retry_interval", INTERVAL, 1, 0));
    List<Server> servers = new ArrayList<>();
    for (String word : HostName.words(config, opening.logger())) {
      PgsqlAddress address =
          PgsqlAddress.isUri(word)
              ? PgsqlAddress.ofUri(word, config)
              : PgsqlAddress.of(HostName.parse(word, config), user, password, database, config);
      servers.add(new PgsqlServer(address, encoding, idle, retry));
    }
    return servers;
  }

  @Override
  public SqlSyntax syntax() {
    return SYNTAX;
  }

  @Override
  public QueryConversation conversation(Connection connection) throws SQLException {
    return connection.unwrap(Frontend.class);
  }

  @Override
  public String queryFailed(Server server, SQLException e) {
    return "pgsql query failed: fatal error from host %s: %s"
        .formatted(server.name(), Troubles.oneLine(String.valueOf(e.getMessage())));
  }

  @Override
  public List<String> describe(Connection connection) throws SQLException {
    Frontend frontend = connection.unwrap(Frontend.class);
    List<String> tls =
        frontend
            .ask("SELECT version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl")
            .values();
    return List.of(
        "by: PostgreSQL JDBC " + DriverInfo.DRIVER_VERSION + ", simple queries",
        "to: PostgreSQL %s, %s"
            .formatted(
                frontend.setting("server_version"),
                tls.size() < 2 ? "without TLS" : "with " + tls.getFirst() + ", " + tls.getLast()));
  }
}
