package org.postern.driver.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Answer;
import org.postern.testkit.TestOpening;
import org.postern.testservers.MariaDb;
import org.postern.testservers.Postgres;
import org.postern.testservers.TestServer;

/** Lookups in real servers, over TCP and UNIX sockets. */
class LookupTest {
  @TempDir Path directory;

  static Stream<TestServer> servers() {
    return Stream.of(MariaDb.shared(), Postgres.shared());
  }

  @BeforeAll
  static void fill() throws Exception {
    for (TestServer server : servers().toList()) {
      String alias = server instanceof MariaDb ? "mail.alias" : "alias";
      server.execute(
          "DELETE FROM " + alias,
          "INSERT INTO "
              + alias
              + " VALUES ('info@example.com','alice@example.com',1,NULL),"
              + "('two@example.com','a@b,c',2,'second'),('empty@example.com','',3,NULL),"
              + "('null@example.com',NULL,4,NULL),('o''brien@example.com','quoted',5,NULL),"
              + "('b\u00fccher@example.com','gr\u00fc\u00dfe \u4e2d \ud83d\ude00',6,NULL)");
    }
  }

  private static final String QUERY = "query = SELECT target FROM alias WHERE address = '%s'\n";

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void aKeyIsFoundOrNot(TestServer server) throws Exception {
    SqlTables tables = new SqlTables(server.maptype(), directory);
    String socket =
        server instanceof MariaDb
            ? server.socket().toString()
            : server.socket().getParent() + ":" + server.port();
    for (String config : List.of(server.config(), server.config("unix:" + socket))) {
      try (TestOpening opening = tables.opening(config + QUERY)) {
        Table table = opening.open(tables.driver);
        assertThat(SqlTables.ask(table, "info@example.com"))
            .isEqualTo(Answer.found("alice@example.com"));
        assertThat(SqlTables.ask(table, "o'brien@example.com")).isEqualTo(Answer.found("quoted"));
        assertThat(SqlTables.lookup(table, "none@example.com")).isEqualTo(NotFound.NOT_FOUND);
        assertThat(SqlTables.lookup(table, "null@example.com")).isEqualTo(NotFound.NOT_FOUND);
        assertThat(SqlTables.ask(table, "b\u00fccher@example.com"))
            .isEqualTo(
                Answer.found(
                    new String(
                        "gr\u00fc\u00dfe \u4e2d \ud83d\ude00"
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        java.nio.charset.StandardCharsets.ISO_8859_1)));
        assertThat(SqlTables.lookup(table, "empty@example.com")).isEqualTo(NotFound.NOT_FOUND);
        // NULL is an empty value to PostgreSQL's library, and none to MySQL's.
        List<String> ignored =
            server.maptype().equals("pgsql")
                ? List.of("null@example.com", "empty@example.com")
                : List.of("empty@example.com");
        opening.assertWarnings(
            ignored.stream().map(key -> ignored(server, opening, key)).toArray(String[]::new));
      }
    }
  }

  private static String ignored(TestServer server, TestOpening opening, String key) {
    return "table \"%s:%s\": empty lookup result for: \"%s\" -- ignored"
        .formatted(server.maptype(), opening.name(), key);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void rowsAndColumnsAreJoined(TestServer server) throws Exception {
    SqlTables tables = new SqlTables(server.maptype(), directory);
    String query =
        "query = SELECT target, n, extra FROM alias WHERE n < 3 AND '%u' <> '' ORDER BY n\n";
    try (TestOpening opening = tables.opening(server.config() + query)) {
      assertThat(SqlTables.ask(opening.open(tables.driver), "x@y"))
          .isEqualTo(Answer.found("alice@example.com,1,a@b,c,2,second"));
      if (server.maptype().equals("pgsql")) {
        opening.assertWarnings(ignored(server, opening, "x@y"));
      }
    }
    try (TestOpening opening =
        tables.opening(server.config() + query + "expansion_limit = 4\nresult_format=<%s>%U\n")) {
      assertThat(SqlTables.lookup(opening.open(tables.driver), "x@y"))
          .isEqualTo(new Retry("Expansion limit exceeded for key: 'x@y'"));
      if (server.maptype().equals("pgsql")) {
        opening.assertWarnings(ignored(server, opening, "x@y"));
      }
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void theOlderParametersMakeAQuery(TestServer server) throws Exception {
    SqlTables tables = new SqlTables(server.maptype(), directory);
    try (TestOpening opening =
        tables.opening(
            server.config()
                + "table = alias\nselect_field = target\nwhere_field = address\n"
                + "additional_conditions = AND n < 2\n")) {
      Table table = opening.open(tables.driver);
      assertThat(SqlTables.ask(table, "info@example.com"))
          .isEqualTo(Answer.found("alice@example.com"));
      assertThat(SqlTables.lookup(table, "two@example.com")).isEqualTo(NotFound.NOT_FOUND);
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void whatIsWrongWithAQueryIsSaid(TestServer server) throws Exception {
    SqlTables tables = new SqlTables(server.maptype(), directory);
    try (TestOpening opening =
        tables.opening(server.config() + "query = SELECT x FROM nosuch WHERE y = '%s'\n")) {
      assertThat(SqlTables.lookup(opening.open(tables.driver), "k"))
          .isInstanceOfSatisfying(
              Retry.class, retry -> assertThat(retry.reason()).contains("query failed", "nosuch"));
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void aQueryThatTheServerDoesNotTakeIsNotDescribedAsIfItDid(TestServer server) throws Exception {
    SqlTables tables = new SqlTables(server.maptype(), directory);
    for (String query :
        List.of(
            "SELEC target FROM alias WHERE address = '%s'",
            "SELECT target FROM nosuch WHERE address = '%s'",
            "SELECT nosuch FROM alias WHERE address = '%u'",
            "SELECT target FROM alias WHERE address = nosuch('%s')")) {
      try (TestOpening opening = tables.opening(server.config() + "query = " + query + "\n")) {
        Table table = opening.open(tables.driver);
        assertThatThrownBy(table::describe)
            .isInstanceOf(TableUnavailableException.class)
            .message()
            .containsIgnoringCase(query.startsWith("SELEC ") ? "syntax" : "nosuch");
      }
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void aRoutineThatTheUserMayNotCallIsNotDescribedAsIfItCould(TestServer server) throws Exception {
    String query;
    if (server instanceof MariaDb) {
      server.execute(
          "CREATE DATABASE IF NOT EXISTS apart",
          "CREATE OR REPLACE PROCEDURE apart.secret(k TEXT) SELECT k");
      query = "CALL apart.secret('%s')";
    } else {
      server.execute(
          "CREATE OR REPLACE FUNCTION secret(k text) RETURNS text AS 'SELECT k' LANGUAGE sql",
          "REVOKE EXECUTE ON FUNCTION secret(text) FROM PUBLIC");
      query = "SELECT secret('%s')";
    }
    SqlTables tables = new SqlTables(server.maptype(), directory);
    try (TestOpening opening = tables.opening(server.config() + "query = " + query + "\n")) {
      Table table = opening.open(tables.driver);
      assertThatThrownBy(table::describe)
          .isInstanceOf(TableUnavailableException.class)
          .hasMessageContaining("denied");
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void aTableDescribesWhatItDoesWithoutThePassword(TestServer server) throws Exception {
    SqlTables tables = new SqlTables(server.maptype(), directory);
    try (TestOpening opening = tables.opening(server.config() + QUERY)) {
      Table table = opening.open(tables.driver);
      List<String> lines = table.describe();
      assertThat(lines)
          .anySatisfy(line -> assertThat(line).startsWith("by: ").containsPattern("\\d+\\.\\d+"))
          .anySatisfy(line -> assertThat(line).startsWith("to: "))
          .contains("asks: SELECT target FROM alias WHERE address = '%s'")
          .noneSatisfy(line -> assertThat(line).startsWith("with: "));
      assertThat(lines.toString()).doesNotContain("s3cr3t");
      assertThat(String.valueOf(table.backend())).doesNotContain("s3cr3t");
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void aTableTellsHowItLooksAKeyUpWithoutThePassword(TestServer server) throws Exception {
    SqlTables tables = new SqlTables(server.maptype(), directory);
    try (TestOpening opening = tables.opening(server.config() + QUERY)) {
      Table table = opening.open(tables.driver);
      List<String> told = new ArrayList<>();
      table.explain("o'x@example.com".getBytes(UTF_8), table.flags(), told::add);
      assertThat(told)
          .hasSize(2)
          .contains("query: SELECT target FROM alias WHERE address = 'o''x@example.com'");
      assertThat(told.getFirst()).startsWith("server: ");
      told.clear();
      assertThat(table.explain("a\0b".getBytes(UTF_8), table.flags(), told::add))
          .isEqualTo(NotFound.NOT_FOUND);
      assertThat(told).singleElement().asString().startsWith("no server is asked: ");
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void aWrongPasswordIsSaidOnceAndNotShown(TestServer server) throws Exception {
    SqlTables tables = new SqlTables(server.maptype(), directory);
    try (TestOpening opening = tables.opening(server.config().replace("s3cr3t", "wr0ng") + QUERY)) {
      Table table = opening.open(tables.driver);
      for (int i = 0; i < 3; i++) {
        assertThat(SqlTables.lookup(table, "info@example.com"))
            .isInstanceOfSatisfying(
                Retry.class,
                retry ->
                    assertThat(retry.reason())
                        .startsWith("connect to " + server.maptype() + " server 127.0.0.1:")
                        .containsPattern("Access denied|password authentication failed")
                        .doesNotContain("wr0ng"));
      }
      assertThat(opening.warnings()).hasSize(1);
      assertThat(opening.warnings().toString()).doesNotContain("wr0ng");
      opening.assertWarnings(opening.warnings().getFirst());
    }
  }
}
