package org.postern.driver.sql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.LookupResult;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.Postmap;
import org.postern.testkit.TestOpening;
import org.postern.testservers.Postgres;

/**
 * Keys go to PostgreSQL, and values come from it, as the bytes that the C library sends and gets,
 * under the settings that the server and the role have.
 */
@Timeout(120)
class PgsqlBytesTest {
  private static Postgres server;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = new Postgres();
    server.execute(
        "INSERT INTO alias VALUES ('k','v',1,NULL),"
            + "('euro@example.com','\u20ac@example.com',2,NULL),"
            + "('j\u00fcrgen@example.com','m\u00fcller@example.com',3,NULL),"
            + "('@example.com','all@example.com',4,NULL),"
            + "('a\\b''c@example.com','odd@example.com',5,NULL)",
        "ALTER ROLE mail SET timezone = 'Asia/Tokyo'",
        "ALTER ROLE mail SET datestyle = 'SQL, DMY'",
        "ALTER ROLE mail SET intervalstyle = 'iso_8601'",
        "ALTER ROLE mail SET extra_float_digits = 0",
        "ALTER ROLE mail SET bytea_output = 'escape'",
        "CREATE SCHEMA other",
        "CREATE TABLE other.alias (address text, target text)",
        "INSERT INTO other.alias VALUES ('k','other v')",
        "GRANT ALL ON SCHEMA other TO mail",
        "GRANT ALL ON other.alias TO mail",
        "CREATE ROLE escaping LOGIN PASSWORD 's3cr3t'",
        "ALTER ROLE escaping SET standard_conforming_strings = off",
        "ALTER ROLE escaping SET escape_string_warning = off",
        "GRANT ALL ON alias TO escaping",
        "CREATE ROLE german LOGIN PASSWORD 's3cr3t'",
        "ALTER ROLE german SET datestyle = 'German'");
  }

  @AfterAll
  static void end() throws Exception {
    server.close();
  }

  private static final String QUERY = "query = SELECT target FROM alias WHERE address = '%s'\n";

  private LookupResult lookup(String config, byte[] key) throws Exception {
    SqlTables here = new SqlTables("pgsql", directory);
    try (TestOpening opening = here.opening(config)) {
      Table table = opening.open(here.driver);
      LookupResult result = table.lookup(key, table.flags());
      table.close();
      return result;
    }
  }

  private String ask(String config, String key) throws Exception {
    return Answer.of(lookup(config, key.getBytes(UTF_8)));
  }

  @Test
  void valuesHaveTheBytesThatTheSettingsOfTheRoleGiveThem() throws Exception {
    String query =
        "query = SELECT timestamptz '2024-02-29 20:30:00+00', date '2024-02-29',"
            + " interval '1 day 02:03', 0.1::float8 + 0.2::float8, '\\xde00ad'::bytea,"
            + " 't'::bool, ARRAY['a','b c'], '{\"a\": 1}'::jsonb, 1.50::numeric, 7::int8, '%s'\n";
    String expected =
        "01/03/2024 05:30:00 JST,29/02/2024,P1DT2H3M,0.3,\\336\\000\\255,t,{a,\"b c\"},"
            + "{\"a\": 1},1.50,7,k";
    assertThat(ask(server.config() + query, "k")).isEqualTo(Answer.found(expected));
  }

  @Test
  void theyAreThoseThatPostmapGets() throws Exception {
    Postmap postmap = Postmap.orSkip(directory, "pgsql");
    SqlTables here = new SqlTables("pgsql", directory);
    String query =
        "query = SELECT timestamptz '2024-02-29 20:30:00+00', current_date, interval '1 day 02:03',"
            + " 1/3::float8, 1e22::float8, '\\xde00ad'::bytea, 't'::bool, NULL::text, 'x', '%s'\n";
    List<String> differences = new ArrayList<>();
    for (String encoding : List.of("UTF8", "LATIN1", "SQL_ASCII")) {
      TestOpening opening = here.opening(server.config() + "encoding = " + encoding + "\n" + query);
      Table table = opening.open(here.driver);
      String real = postmap.run(new byte[0], "-q", "k", "pgsql:" + opening.name()).text();
      String ours = SqlTables.ask(table, "k");
      if (!ours.equals(Answer.found(real.stripTrailing()))) {
        differences.add(encoding + ": " + real + " and " + ours);
      }
      table.close();
    }
    assertThat(differences).isEmpty();
  }

  @Test
  void aConditionOnADateMeansTheDayWhereTheRoleIs() throws Exception {
    String query =
        "query = SELECT 'yes' WHERE timestamptz '2024-02-29 20:30:00+00' >= '01/03/2024'"
            + " AND '%s' = 'k'\n";
    assertThat(ask(server.config() + query, "k")).isEqualTo(Answer.found("yes"));
  }

  @Test
  void aRoleWithAnyDateStyleCanBeUsed() throws Exception {
    assertThat(
            ask(
                server.config().replace("user = mail", "user = german")
                    + "query = SELECT date '2024-02-29', '%s'\n",
                "k"))
        .isEqualTo(Answer.found("29.02.2024,k"));
  }

  @Test
  void whatTheCharacterSetDoesNotHaveIsRetry() throws Exception {
    String latin1 = server.config() + "encoding = LATIN1\n" + QUERY;
    assertThat(lookup(latin1, "euro@example.com".getBytes(UTF_8)))
        .isInstanceOfSatisfying(
            Retry.class, retry -> assertThat(retry.reason()).contains("LATIN1"));
    assertThat(Answer.of(lookup(latin1, "j\u00fcrgen@example.com".getBytes(ISO_8859_1))))
        .isEqualTo(Answer.found("m\u00fcller@example.com"));
  }

  @Test
  void withoutACharacterSetBytesComeAsTheyAreStored() throws Exception {
    assertThat(ask(server.config() + "encoding = SQL_ASCII\n" + QUERY, "euro@example.com"))
        .isEqualTo(Answer.found(new String("\u20ac@example.com".getBytes(UTF_8), ISO_8859_1)));
  }

  @Test
  void anotherCharacterSetOfTheServersMayBeUsed() throws Exception {
    assertThat(
            Answer.of(
                lookup(
                    server.config() + "encoding = WIN1252\n" + QUERY,
                    "euro@example.com".getBytes(UTF_8))))
        .isEqualTo(Answer.found("\u0080@example.com"));
  }

  @Test
  void aKeyThatIsNotUtf8IsAskedForByThePartThatIs() throws Exception {
    byte[] key = "j\u00fcrgen@example.com".getBytes(ISO_8859_1);
    assertThat(
            Answer.of(
                lookup(
                    server.config() + "query = SELECT target FROM alias WHERE address = '@%d'\n",
                    key)))
        .isEqualTo(Answer.found("all@example.com"));
    assertThat(lookup(server.config() + QUERY, key))
        .as("the server refuses the bytes")
        .isInstanceOfSatisfying(
            Retry.class, retry -> assertThat(retry.reason()).contains("invalid byte sequence"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mail", "escaping"})
  void quotesAndBackslashesInKeysAreTheirOwnInEitherReadingOfLiterals(String role)
      throws Exception {
    String config = server.config().replace("user = mail", "user = " + role);
    for (String query :
        List.of(
            QUERY,
            "query = SELECT target FROM alias WHERE address = %s\n",
            "query = SELECT target FROM alias WHERE address = ''||'%u'||'@%d'\n",
            "query = SELECT target FROM alias WHERE address = E'%s'\n")) {
      assertThat(ask(config + query, "a\\b'c@example.com"))
          .as(query)
          .isEqualTo(Answer.found("odd@example.com"));
      assertThat(ask(config + query, "\\' OR true --")).as(query).isEqualTo("not found");
      assertThat(ask(config + query, "' OR true --")).as(query).isEqualTo("not found");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SELECT 'yes' WHERE '{\"mail\":1}'::jsonb ? '%s'; yes",
        "SELECT 'yes' WHERE '{\"mail\":1}'::jsonb ?| ARRAY['%s','b']; yes",
        "SELECT 'yes' WHERE '{\"mail\":1}'::jsonb ?& ARRAY['%s']; yes",
        "SELECT '?', '%s'; ?,mail"
      })
  void aQuestionMarkIsAnOperator(String query, String value) throws Exception {
    assertThat(ask(server.config() + "query = " + query + "\n", "mail"))
        .isEqualTo(Answer.found(value));
  }

  @Test
  void theResultOfTheLastStatementCounts() throws Exception {
    String config = server.config() + "query = ";
    String target = "SELECT target FROM alias WHERE address = '%s'";
    assertThat(ask(config + "SELECT 'not this'; " + target + ";\n", "k"))
        .isEqualTo(Answer.found("v"));
    assertThat(ask(config + target + "; SET work_mem = '1MB'\n", "k")).isEqualTo("not found");
    assertThat(lookup(config + target + "; SELECT 1/0\n", "k".getBytes(UTF_8)))
        .isInstanceOf(Retry.class);
    assertThat(lookup(config + "BEGIN; " + target + "; SELECT 1/0\n", "k".getBytes(UTF_8)))
        .isInstanceOf(Retry.class);
    assertThat(lookup(config + "COPY alias TO STDOUT\n", "k".getBytes(UTF_8)))
        .isInstanceOf(Retry.class);
    assertThat(lookup(config + "COPY alias FROM STDIN\n", "k".getBytes(UTF_8)))
        .isInstanceOf(Retry.class);
  }

  /** Over one connection, the second table's query would find the first one's rows. */
  @Test
  void whatOneTablesQuerySetsIsNothingToAnotherTable() throws Exception {
    SqlTables here = new SqlTables("pgsql", directory);
    try (TestOpening first =
            here.opening(
                    server.config()
                        + "query = SET search_path TO other; SELECT target FROM alias"
                        + " WHERE address = '%s'\n")
                .parameter("postern_pool_size", "1");
        TestOpening second =
            here.opening(server.config() + QUERY).parameter("postern_pool_size", "1")) {
      Table other = first.open(here.driver);
      Table plain = second.open(here.driver);
      for (int i = 0; i < 3; i++) {
        assertThat(SqlTables.ask(other, "k")).isEqualTo(Answer.found("other v"));
        assertThat(SqlTables.ask(plain, "k")).isEqualTo(Answer.found("v"));
      }
    }
  }

  @Test
  void dbnameMayBeAConnectionStringOverWhichTheOtherParametersHavePrecedence() throws Exception {
    String hosts = "hosts = 127.0.0.1:" + server.port() + "\n";
    String application = "query = SELECT concat(current_setting('application_name'), '!'), '%s'\n";
    for (String dbname :
        List.of(
            "dbname=mail user = 'mail' password='s3cr3t' application_name='it''s'"
                .replace("''", "\\'"),
            "host=nowhere.invalid port=1 dbname=mail user=mail password=s3cr3t"
                + " application_name=it\\'s",
            "postgresql://mail:s3cr3t@nowhere.invalid:1/mail?application_name=it%27s")) {
      assertThat(ask(hosts + "dbname = " + dbname + "\n" + application, "k"))
          .as(dbname)
          .isEqualTo(Answer.found("it's!,k"));
    }
    assertThat(
            ask(
                hosts
                    + "user = mail\npassword = s3cr3t\n"
                    + "dbname = dbname=mail user=nobody password=wrong\n"
                    + application,
                "k"))
        .isEqualTo(Answer.found("!,k"));
  }
}
