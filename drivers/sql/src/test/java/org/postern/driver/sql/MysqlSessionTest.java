package org.postern.driver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.TestOpening;
import org.postern.testservers.MariaDb;

/** What is left in a server's session, and what of it is taken for ours: nothing. */
@Timeout(120)
class MysqlSessionTest {
  private static final String QUERY = "query = SELECT target FROM alias WHERE address = '%s'\n";

  private static MariaDb server;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    server =
        new MariaDb(
            "--skip-ssl",
            "--autocommit=0",
            "--general-log=1",
            "--log-output=TABLE",
            "--character-set-server=latin1");
    server.execute("INSERT INTO mail.alias VALUES ('k','before',1,NULL)", "COMMIT");
  }

  @AfterAll
  static void end() throws Exception {
    server.close();
  }

  private static List<String> asked() throws Exception {
    return server.query(
        "SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log"
            + " WHERE user_host LIKE 'mail%' AND command_type = 'Query' ORDER BY event_time");
  }

  @Test
  void nothingIsSetAndNothingIsPreparedAtTheServer() throws Exception {
    SqlTables tables = new SqlTables("mysql", directory);
    try (TestOpening opening = tables.opening(server.config() + QUERY)) {
      Table table = opening.open(tables.driver);
      assertThat(SqlTables.lookup(table, "none")).isEqualTo(NotFound.NOT_FOUND);
    }
    assertThat(asked())
        .isNotEmpty()
        .noneMatch(sql -> Pattern.compile("(?i)^\\s*(SET|PREPARE|USE)\\b").matcher(sql).find());
    assertThat(
            server.query(
                "SELECT command_type FROM mysql.general_log WHERE user_host LIKE 'mail%'"
                    + " AND command_type IN ('Prepare', 'Execute')"))
        .isEmpty();
  }

  @Test
  void aServerWithoutAutocommitShowsWhatHasChanged() throws Exception {
    SqlTables tables = new SqlTables("mysql", directory);
    try (TestOpening opening = tables.opening(server.config() + QUERY)) {
      Table table = opening.open(tables.driver);
      assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found("before"));
      server.execute("UPDATE mail.alias SET target = 'after' WHERE address = 'k'", "COMMIT");
      assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found("after"));
      server.execute("UPDATE mail.alias SET target = 'before' WHERE address = 'k'", "COMMIT");
    }
  }

  @Test
  void aQueryThatTakesTooLongIsEndedAtTheServerAndHarmsNoOther() throws Exception {
    SqlTables tables = new SqlTables("mysql", directory);
    try (TestOpening slow =
            tables.opening(server.config() + "query = SELECT SLEEP(30), '%s' AS endless\n");
        TestOpening quick = tables.opening(server.config() + QUERY)) {
      Table table = slow.open(tables.driver);
      Table other = quick.open(tables.driver);
      assertThat(SqlTables.lookup(table, "x"))
          .isInstanceOfSatisfying(
              Retry.class,
              retry ->
                  assertThat(retry.reason()).contains("took longer than nine tenths", "ended"));
      assertThat(
              server.query(
                  "SELECT info FROM information_schema.processlist"
                      + " WHERE user = 'mail' AND info LIKE '%endless%' AND command <> 'Killed'"))
          .isEmpty();
      assertThat(SqlTables.ask(other, "k")).isEqualTo(Answer.found("before"));
      assertThat(slow.warnings()).isEmpty();
      assertThat(quick.warnings()).isEmpty();
    }
  }

  @Test
  void aKeyThatIsNoNumberIsNotFoundWhereTheQueryHasNoQuotes() throws Exception {
    SqlTables tables = new SqlTables("mysql", directory);
    try (TestOpening opening =
        tables.opening(server.config() + "query = SELECT target FROM alias WHERE n = %s\n")) {
      Table table = opening.open(tables.driver);
      assertThat(SqlTables.ask(table, "1")).isEqualTo(Answer.found("before"));
      for (String key :
          List.of("1 OR 1=1", "1x", "1 ", "bob", "1@example.com", "0x1", "1;1", "1--")) {
        assertThat(SqlTables.lookup(table, key)).as(key).isEqualTo(NotFound.NOT_FOUND);
      }
      assertThat(SqlTables.lookup(table, "-1")).isEqualTo(NotFound.NOT_FOUND);
      assertThat(SqlTables.ask(table, "1.0")).isEqualTo(Answer.found("before"));
    }
  }

  @Test
  void aPasswordIsSentAsTheBytesOfItsFile() throws Exception {
    // Made over a connection in the character set in which it is sent, as an administrator would.
    server.execute(
        "CREATE OR REPLACE USER umlaut@'%' IDENTIFIED BY 'p\u00e4ss'",
        "GRANT ALL ON mail.* TO umlaut@'%'",
        "CREATE OR REPLACE USER latin@'%' IDENTIFIED VIA mysql_native_password USING"
            + " CONCAT('*', UPPER(SHA1(UNHEX(SHA1(X'70E47373')))))"
                .replace(
                    "CONCAT('*', UPPER(SHA1(UNHEX(SHA1(X'70E47373')))))",
                    "'"
                        + server
                            .query("SELECT CONCAT('*', UPPER(SHA1(UNHEX(SHA1(X'70E47373')))))")
                            .getFirst()
                        + "'"),
        "GRANT ALL ON mail.* TO latin@'%'");
    SqlTables tables = new SqlTables("mysql", directory);
    Path options = directory.resolve("latin.cnf");
    Files.write(
        options,
        "[client]\nuser=latin\npassword=p\u00e4ss\n".getBytes(StandardCharsets.ISO_8859_1));
    String latin =
        "hosts = 127.0.0.1:%d\ndbname = mail\noption_file = %s\n".formatted(server.port(), options);
    for (String charset : List.of("utf8mb4", "latin1")) {
      for (String config :
          List.of(
              server
                  .config()
                  .replace("user = mail\npassword = s3cr3t", "user = umlaut\npassword = p\u00e4ss"),
              latin)) {
        try (TestOpening opening = tables.opening(config + "charset = " + charset + "\n" + QUERY)) {
          assertThat(SqlTables.ask(opening.open(tables.driver), "k"))
              .as(config + charset)
              .isEqualTo(Answer.found("before"));
        }
      }
    }
  }
}
