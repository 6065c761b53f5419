package org.postern.driver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.TestOpening;
import org.postern.testservers.MariaDb;
import org.postern.testservers.Postgres;
import org.postern.testservers.TestServer;

/**
 * No key becomes SQL: a table whose rows nobody may see answers with none of them, whatever the key
 * holds, in every place of a query and in every mode of the server.
 */
class InjectionTest {
  private static final List<String> MYSQL_MODES =
      List.of("", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES", "ANSI,NO_BACKSLASH_ESCAPES");

  private static final List<String> PGSQL_MODES = List.of("on", "off");

  /** Each looks up something that is not there, in a place of its own. */
  private static final List<String> CONDITIONS =
      List.of(
          "k = '%s'",
          "k = '%u' AND '%d' <> ''",
          "k = '%1' AND '%2' <> '%3'",
          "k = 'x%sx'",
          "k = '\\'%s'",
          "k = '\\\\%s'",
          "k = 'it''s %S'",
          "k LIKE 'x%s'",
          "k IN ('%U', '%D')",
          "n = %s",
          "n = '%s' /* %s */",
          "k = CONCAT('a' '%s')",
          "k = N'%s'",
          "k = E'\\'%s'",
          "k = E'%s'",
          "k = \"%s\"",
          "'%s' = k -- %s\n",
          "n = -1-%s",
          "k = lower('%s')",
          "secret_%1 = 1",
          "k = $$%s$$");

  private static final List<String> PAYLOADS =
      List.of(
          "' OR '1'='1",
          "' OR 1=1 -- ",
          "' OR 1=1 #",
          "\\' OR 1=1 -- ",
          "\\\\' OR 1=1 -- ",
          "\\",
          "'",
          "''",
          "\"",
          "\" OR 1=1 -- ",
          "\" OR \"\"=\"",
          "` OR 1=1 -- ",
          "1 OR 1=1",
          "1) OR (1=1",
          "k OR 1=1",
          "n",
          "*/ OR 1=1 -- ",
          "$$ OR 1=1 -- ",
          "\n OR 1=1 -- ",
          "; DROP TABLE secrets; -- ",
          "' UNION SELECT v FROM secrets -- ",
          "\u00bf' OR 1=1 -- ",
          "\u00bf\\' OR 1=1 -- ",
          "\u4e0a\\' OR 1=1 -- ",
          "%s' OR 1=1 -- ",
          "?",
          "? OR 1=1",
          ":a",
          "{fn now()}",
          "@@version");

  static Stream<TestServer> servers() {
    return Stream.of(MariaDb.shared(), Postgres.shared());
  }

  @TempDir Path directory;

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void noKeyBecomesSql(TestServer server) throws Exception {
    boolean mysql = server instanceof MariaDb;
    String table = mysql ? "mail.secrets" : "secrets";
    server.execute(
        "DROP TABLE IF EXISTS " + table,
        "CREATE TABLE " + table + " (k VARCHAR(255), n INT, v VARCHAR(255))",
        "INSERT INTO " + table + " VALUES ('somebody', 7, 'secret')",
        "GRANT ALL ON " + table + " TO mail" + (mysql ? "@localhost" : ""));
    int asked = 0;
    for (String mode : mysql ? MYSQL_MODES : PGSQL_MODES) {
      server.execute(
          mysql
              ? "SET GLOBAL sql_mode = '" + mode + "'"
              : "ALTER ROLE mail SET standard_conforming_strings = " + mode);
      SqlTables tables = new SqlTables(server.maptype(), directory); // and so new connections
      for (String condition : CONDITIONS) {
        String query =
            "query = SELECT v FROM secrets WHERE " + condition.replace("\n", "\n  ") + "\n";
        try (TestOpening opening = tables.opening(server.config() + query)) {
          Table open = opening.open(tables.driver);
          for (String payload : PAYLOADS) {
            for (String key :
                List.of(payload, payload + "@a.b.c", "x@" + payload + ".b.c", "x@a.b." + payload)) {
              LookupResult result = SqlTables.lookup(open, key);
              assertThat(result)
                  .as("%s: %s, key %s", mode, condition, key)
                  .satisfiesAnyOf(
                      r -> assertThat(r).isInstanceOf(NotFound.class),
                      r -> assertThat(r).isInstanceOf(Retry.class));
              assertThat(result).isNotInstanceOf(Found.class);
              asked++;
            }
          }
          assertThat(opening.warnings()).isEmpty();
        }
      }
    }
    server.execute(
        mysql
            ? "SET GLOBAL sql_mode = DEFAULT"
            : "ALTER ROLE mail RESET standard_conforming_strings");
    assertThat(server.query("SELECT v FROM " + table)).containsExactly("secret");
    assertThat(asked).isGreaterThan(4000);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void everyKeyComesBackAsItWentIn(TestServer server) throws Exception {
    boolean mysql = server instanceof MariaDb;
    for (String mode : mysql ? MYSQL_MODES : PGSQL_MODES) {
      server.execute(
          mysql
              ? "SET GLOBAL sql_mode = '" + mode + "'"
              : "ALTER ROLE mail SET standard_conforming_strings = " + mode);
      SqlTables tables = new SqlTables(server.maptype(), directory);
      for (String select : List.of("'%s'", "'%s' AS v", "lower('%s')", "'' || '%s'", "N'%s'")) {
        if (mysql && select.contains("||")) {
          continue;
        }
        try (TestOpening opening =
            tables.opening(server.config() + "query = SELECT " + select + "\n")) {
          Table open = opening.open(tables.driver);
          for (String payload : PAYLOADS) {
            String key = payload.toLowerCase(java.util.Locale.ROOT);
            assertThat(SqlTables.lookup(open, key))
                .as("%s: %s, key %s", mode, select, key)
                .isInstanceOfSatisfying(
                    Found.class,
                    found ->
                        assertThat(found.value())
                            .isEqualTo(key.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
          }
        }
      }
    }
    server.execute(
        mysql
            ? "SET GLOBAL sql_mode = DEFAULT"
            : "ALTER ROLE mail RESET standard_conforming_strings");
  }
}
