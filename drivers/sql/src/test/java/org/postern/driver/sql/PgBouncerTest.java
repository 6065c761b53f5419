package org.postern.driver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.Patience;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.TestOpening;
import org.postern.testservers.PgBouncer;
import org.postern.testservers.Postgres;

/** A pooler in front of the server, which gives each query, or none, a connection of its own. */
@Timeout(300)
class PgBouncerTest {
  private static Postgres server;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    Prerequisite.PGBOUNCER.mustBeHere();
    server = new Postgres();
    server.execute(
        "CREATE TABLE boxes AS SELECT 'k' || n AS k, 'box ' || n AS v FROM generate_series(0,19) n",
        "CREATE TABLE relays AS SELECT 'k' || n AS k, 'relay ' || n AS v"
            + " FROM generate_series(0,19) n",
        "CREATE SCHEMA elsewhere",
        "CREATE TABLE elsewhere.boxes AS SELECT 'k' || n AS k, 'wrong ' || n AS v"
            + " FROM generate_series(0,19) n",
        "GRANT ALL ON boxes, relays TO mail",
        "GRANT ALL ON SCHEMA elsewhere TO mail",
        "GRANT ALL ON elsewhere.boxes TO mail");
  }

  @AfterAll
  static void end() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private static Connection beside(PgBouncer pooler) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + pooler.port()
            + "/mail?user=mail&password=s3cr3t&prepareThreshold=1"
            + "&assumeMinServerVersion=12&options=");
  }

  /** A program that does what is not allowed before such a pooler: it names its statements. */
  private static void prepareNamed(PgBouncer pooler, AtomicBoolean stop) {
    while (!stop.get()) {
      try (Connection connection = beside(pooler);
          PreparedStatement statement =
              connection.prepareStatement("SELECT 'theirs', v FROM relays WHERE k = ?")) {
        for (int i = 0; i < 20 && !stop.get(); i++) {
          statement.setString(1, "k" + i);
          try (ResultSet rows = statement.executeQuery()) {
            rows.next();
          }
        }
      } catch (SQLException e) {
        // Its own affair.
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"session", "transaction", "statement"})
  void twoTablesOverOnePoolerNeverGetEachOthersValues(String mode) throws Exception {
    try (PgBouncer pooler =
        new PgBouncer(server, mode, 3, "ignore_startup_parameters = extra_float_digits,options")) {
      SqlTables tables = new SqlTables("pgsql", directory);
      try (TestOpening first =
              tables
                  .opening(pooler.config() + "query = SELECT v FROM boxes WHERE k = '%s'\n")
                  .parameter("postern_pool_size", mode.equals("session") ? "2" : "8");
          TestOpening second =
              tables
                  .opening(pooler.config() + "query = SELECT v FROM relays WHERE k = '%s'\n")
                  .parameter("postern_pool_size", mode.equals("session") ? "2" : "8")) {
        Table boxes = first.open(tables.driver);
        Table relays = second.open(tables.driver);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        Thread other = Thread.ofPlatform().start(() -> prepareNamed(pooler, stop));
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < 8; client++) {
          int seed = client;
          clients.add(
              Thread.ofPlatform()
                  .start(() -> {
                    for (int i = 0; i < 80; i++) {
                      int n = (i * 7 + seed) % 20;
                      boolean isBox = (i + seed) % 2 == 0;
                      String answer = SqlTables.ask(isBox ? boxes : relays, "k" + n);
                      String expected = Answer.found((isBox ? "box " : "relay ") + n);
                      answered.incrementAndGet();
                      if (!answer.equals(expected)) {
                        wrong.add(expected + ": " + answer);
                      }
                    }
                  }));
        }
        for (Thread client : clients) {
          client.join();
        }
        stop.set(true);
        other.join();
        assertThat(wrong).isEmpty();
        assertThat(answered).hasValue(640);
      }
    }
  }

  /**
   * Without ignore_startup_parameters it refuses a client that wants to set what it cannot keep.
   */
  @ParameterizedTest
  @ValueSource(strings = {"session", "transaction", "statement"})
  void nothingIsSetThatWouldStayInTheConnection(String mode) throws Exception {
    try (PgBouncer pooler = new PgBouncer(server, mode, 1)) {
      SqlTables tables = new SqlTables("pgsql", directory);
      String settings =
          "SELECT coalesce(string_agg(name || '=' || setting, ' '), 'nothing') FROM pg_settings"
              + " WHERE source IN ('session', 'client')"
              + " AND name NOT IN ('application_name', 'client_encoding')"
              + " AND '%s' <> ''";
      try (TestOpening opening = tables.opening(pooler.config() + "query = " + settings + "\n")) {
        assertThat(SqlTables.ask(opening.open(tables.driver), "k"))
            .as("what a query finds set by its client")
            .isEqualTo(Answer.found("nothing"));
      }
      try (TestOpening opening =
          tables.opening(
              pooler.config()
                  + "query = SELECT count(*) FROM pg_prepared_statements WHERE '%s' <> ''\n")) {
        assertThat(SqlTables.ask(opening.open(tables.driver), "k")).isEqualTo(Answer.found("0"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"transaction", "statement"})
  void aQueryThatTakesTooLongEndsInTheServerBehindThePooler(String mode) throws Exception {
    try (PgBouncer pooler = new PgBouncer(server, mode, 2)) {
      SqlTables tables = new SqlTables("pgsql", directory);
      TestOpening opening =
          tables
              .opening(pooler.config() + "query = SELECT pg_sleep(100), '%s'\n")
              .parameter("postern_lookup_timeout", "2s");
      Table table = opening.open(tables.driver);
      assertThat(SqlTables.lookup(table, "k"))
          .isInstanceOfSatisfying(
              Retry.class, retry -> assertThat(retry.reason()).contains("query was canceled"));
      Patience.until(() ->
          server
              .query(
                  "SELECT count(*)::text FROM pg_stat_activity"
                      + " WHERE query LIKE '%pg_sleep(100)%' AND state = 'active'"
                      + " AND pid <> pg_backend_pid()")
              .equals(List.of("0")));
      assertThat(opening.warnings()).as("other tables go on").isEmpty();
      table.close();
    }
  }
}
