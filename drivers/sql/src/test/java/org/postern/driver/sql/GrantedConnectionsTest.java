package org.postern.driver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.Patience;
import org.postern.testkit.TestOpening;
import org.postern.testservers.MariaDb;
import org.postern.testservers.Postgres;
import org.postern.testservers.TestServer;

/** Servers that grant a user fewer connections than postern_pool_size. */
@Timeout(120)
class GrantedConnectionsTest {
  @TempDir Path directory;

  private static TestServer server(String maptype) {
    return maptype.equals("mysql") ? MariaDb.shared() : Postgres.shared();
  }

  /** A .cf file for a user who is granted so many connections. */
  private static String limited(String maptype, String user, int connections) throws Exception {
    TestServer server = server(maptype);
    if (maptype.equals("mysql")) {
      for (String host : List.of("'%'", "localhost")) {
        server.execute(
            "CREATE OR REPLACE USER "
                + (user + "@" + host)
                + " IDENTIFIED BY 's3cr3t' WITH MAX_USER_CONNECTIONS "
                + connections,
            "GRANT ALL ON mail.* TO " + user + "@" + host);
      }
    } else {
      server.execute(
          "CREATE ROLE " + user + " LOGIN PASSWORD 's3cr3t' CONNECTION LIMIT " + connections);
    }
    return server.config().replace("user = mail", "user = " + user);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void lookupsWaitForTheConnectionsThatThereAre(String maptype) throws Exception {
    String config = limited(maptype, "two", 2);
    SqlTables tables = new SqlTables(maptype, directory);
    String value =
        maptype.equals("mysql") ? "IF(SLEEP(0.01) = 0, 'v', 'x')" : "'v' || pg_sleep(0.01)::text";
    TestOpening opening =
        tables
            .opening(config + "query = SELECT " + value + " FROM (SELECT '%s') AS a\n")
            .parameter("postern_lookup_timeout", "30s");
    Table table = opening.open(tables.driver);
    Queue<String> answers = new ConcurrentLinkedQueue<>();
    List<Thread> clients = new ArrayList<>();
    for (int client = 0; client < 8; client++) {
      String key = "k" + client;
      clients.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 10; i++) {
                  answers.add(SqlTables.ask(table, key));
                }
              }));
    }
    for (Thread client : clients) {
      client.join();
    }
    assertThat(answers).hasSize(80).containsOnly(Answer.found("v"));
    assertThat(table.servers().getFirst().state().limit()).isEqualTo(2);
    assertThat(table.servers().getFirst().state().trouble()).isEmpty();
    table.close();
    assertThat(opening.warnings())
        .as("said once")
        .filteredOn(line -> line.contains("grants 2 connections"))
        .singleElement()
        .asString()
        .contains("fewer than postern_pool_size = 8");
    assertThat(opening.warnings()).allSatisfy(line -> assertThat(line).contains("grants "));
  }

  /** The only connection is somebody else's: nothing can be waited for. */
  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void aServerThatGrantsNoneIsSaidToBeDownAndServesAgain(String maptype) throws Exception {
    String config = limited(maptype, "one", 1);
    String url =
        "jdbc:"
            + (maptype.equals("mysql") ? "mysql" : "postgresql")
            + "://127.0.0.1:"
            + server(maptype).port()
            + "/mail?user=one&password=s3cr3t";
    SqlTables tables = new SqlTables(maptype, directory);
    TestOpening opening = tables.opening(config + "query = SELECT '%s'\n");
    Table table = opening.open(tables.driver);
    try (Connection _ = DriverManager.getConnection(url)) {
      assertThat(SqlTables.ask(table, "k")).isEqualTo("retry");
      assertThat(opening.warnings())
          .singleElement()
          .asString()
          .containsPattern("max_user_connections|too many connections for role");
    }
    Patience.until(() -> SqlTables.ask(table, "k").equals(Answer.found("k")));
    table.close();
  }
}
