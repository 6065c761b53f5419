package org.postern.driver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.spi.Found;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.TestOpening;
import org.postern.testservers.MariaDb;
import org.postern.testservers.Postgres;
import org.postern.testservers.TestServer;

/** Who is let in, over which way; and passwords, which nobody is to see. */
@Timeout(120)
class AccessTest {
  private static final String QUERY = "query = SELECT target FROM alias WHERE address = '%s'\n";

  @TempDir Path directory;

  static Stream<TestServer> servers() {
    return Stream.of(MariaDb.shared(), Postgres.shared());
  }

  private static boolean isMysql(TestServer server) {
    return server instanceof MariaDb;
  }

  @BeforeAll
  static void users() throws Exception {
    MariaDb.shared()
        .execute(
            "REPLACE INTO mail.alias VALUES ('access','v',1,NULL)",
            "CREATE OR REPLACE USER turncoat@'%' IDENTIFIED BY 'f1rst'",
            "GRANT ALL ON mail.* TO turncoat@'%'");
    Postgres.shared()
        .execute(
            "DELETE FROM alias WHERE address = 'access'",
            "INSERT INTO alias VALUES ('access','v',1,NULL)",
            "DROP ROLE IF EXISTS turncoat",
            "CREATE ROLE turncoat LOGIN PASSWORD 'f1rst'",
            "ALTER ROLE turncoat IN DATABASE mail SET role = mail",
            "GRANT mail TO turncoat");
  }

  private static void setPassword(TestServer server, String password) throws Exception {
    server.execute(
        isMysql(server)
            ? "ALTER USER turncoat@'%' IDENTIFIED BY '" + password + "'"
            : "ALTER ROLE turncoat PASSWORD '" + password + "'");
    if (isMysql(server)) {
      for (String id :
          server.query("SELECT id FROM information_schema.processlist WHERE user = 'turncoat'")) {
        server.execute("KILL CONNECTION " + id);
      }
    } else {
      server.query(
          "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity"
              + " WHERE usename = 'turncoat'");
    }
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void aChangedPasswordIsRetryUntilItIsChangedBack(TestServer server) throws Exception {
    SqlTables tables = new SqlTables(server.maptype(), directory);
    String config =
        server.config().replace("mail\npassword = s3cr3t", "turncoat\npassword = f1rst");
    TestOpening opening = tables.opening(config + QUERY);
    Table table = opening.open(tables.driver);
    assertThat(SqlTables.ask(table, "access")).isEqualTo(Answer.found("v"));
    for (int round = 0; round < 2; round++) {
      setPassword(server, "s3cond");
      await(table, Retry.class);
      assertThat(SqlTables.lookup(table, "access"))
          .isInstanceOfSatisfying(
              Retry.class,
              retry ->
                  assertThat(retry.reason())
                      .containsPattern("Access denied|password authentication failed")
                      .contains("turncoat"));
      setPassword(server, "f1rst");
      long back = System.nanoTime();
      await(table, Found.class);
      assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(1));
    }
    assertThat(opening.log().toString()).doesNotContain("f1rst", "s3cond");
    table.close();
  }

  private static void await(Table table, Class<?> result) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!result.isInstance(SqlTables.lookup(table, "access"))) {
      assertThat(System.nanoTime()).as("waits for " + result).isLessThan(deadline);
      Thread.sleep(2);
    }
  }

  @Test
  void mariadbKnowsWhoAsksOverItsSocket() throws Exception {
    MariaDb server = MariaDb.shared();
    String me = System.getProperty("user.name");
    String account = "`" + me + "`@localhost";
    server.execute("CREATE USER IF NOT EXISTS " + account + " IDENTIFIED VIA unix_socket");
    server.execute("GRANT SELECT ON mail.* TO " + account);
    SqlTables tables = new SqlTables("mysql", directory);
    String config = "user = " + me + "\ndbname = mail\nhosts = ";
    for (String host : List.of("unix:" + server.socket(), server.socket().toString())) {
      try (TestOpening opening = tables.opening(config + host + "\n" + QUERY)) {
        Table table = opening.open(tables.driver);
        assertThat(SqlTables.ask(table, "access")).isEqualTo(Answer.found("v"));
      }
    }
    TestOpening opening = tables.opening(config + "127.0.0.1:" + server.port() + "\n" + QUERY);
    Table table = opening.open(tables.driver);
    assertThat(SqlTables.lookup(table, "access"))
        .as("over TCP nobody is known without a password")
        .isInstanceOf(Retry.class);
    table.close();
  }

  @Test
  void postgresqlKnowsWhoAsksOverItsSocket() throws Exception {
    try (Postgres server = new Postgres()) {
      server.execute("INSERT INTO alias VALUES ('access','v',1,NULL)");
      server.putBefore("pg_hba.conf", "local mail mail peer map=whoever");
      SqlTables tables = new SqlTables("pgsql", directory);
      String config =
          "hosts = unix:%s:%d\nuser = mail\ndbname = mail\n"
              .formatted(server.socket().getParent(), server.port());
      TestOpening stranger = tables.opening(config + QUERY);
      Table refused = stranger.open(tables.driver);
      assertThat(SqlTables.lookup(refused, "access"))
          .isInstanceOfSatisfying(
              Retry.class,
              retry -> assertThat(retry.reason()).contains("Peer authentication failed"));
      refused.close();
      server.putBefore("pg_ident.conf", "whoever /^.*$ mail");
      try (TestOpening opening = tables.opening(config + QUERY)) {
        assertThat(SqlTables.ask(opening.open(tables.driver), "access"))
            .isEqualTo(Answer.found("v"));
      }
    }
  }

  @Test
  void connectionUrisOfPostgresqlAreUnderstood() throws Exception {
    Postgres server = Postgres.shared();
    int port = server.port();
    Path place = Objects.requireNonNull(server.socket().getParent());
    String encoded = place.toString().replace("/", "%2F");
    SqlTables tables = new SqlTables("pgsql", directory);
    for (String uri :
        List.of(
            "postgresql://mail:s3cr3t@127.0.0.1:%d/mail".formatted(port),
            "postgres://mail:s3cr3t@127.0.0.1:%d/mail".formatted(port),
            "postgresql://mail:s3cr3t@localhost:%d/mail?sslmode=disable".formatted(port),
            "postgresql://127.0.0.1:%d/mail?user=mail&password=s3cr3t".formatted(port),
            "postgresql://mail@127.0.0.1:%d/mail?password=s3%%63r3t".formatted(port),
            "postgresql://mail:s3%%63r3t@127.0.0.1:%d/mail".formatted(port),
            "postgresql://mail:s3cr3t@127.0.0.1:%d?dbname=mail".formatted(port),
            "postgresql://mail:s3cr3t@127.0.0.1:%d".formatted(port),
            "postgresql:///mail?host=%s&port=%d&user=mail".formatted(place, port),
            "postgresql:///mail?host=127.0.0.1&port=%d&user=mail&password=s3cr3t".formatted(port),
            "postgresql://mail@%s:%d/mail".formatted(encoded, port),
            "postgresql://mail@%s/mail?port=%d".formatted(encoded, port))) {
      try (TestOpening opening = tables.opening("hosts = " + uri + "\ndbname = x\n" + QUERY)) {
        Table table = opening.open(tables.driver);
        assertThat(SqlTables.ask(table, "access")).as(uri).isEqualTo(Answer.found("v"));
        assertThat(table.backend().toString() + table.describe() + opening.log())
            .doesNotContain("s3cr3t", "s3%63r3t");
      }
    }
  }

  @Test
  void whatIsWrongWithAUriIsSaidWithoutThePassword() throws Exception {
    SqlTables tables = new SqlTables("pgsql", directory);
    for (String uri :
        List.of(
            "postgresql://mail:s3cr3t@127.0.0.1:1/mail",
            "postgresql://mail:s3cr3t@nosuchhost.invalid/mail",
            "postgresql:///mail?host=/nowhere&user=mail&password=s3cr3t")) {
      TestOpening opening = tables.opening("hosts = " + uri + "\ndbname = x\n" + QUERY);
      Table table = opening.open(tables.driver);
      assertThat(SqlTables.lookup(table, "k"))
          .isInstanceOfSatisfying(
              Retry.class,
              retry ->
                  assertThat(retry.reason())
                      .startsWith("connect to pgsql server postgresql://")
                      .doesNotContain("s3cr3t"));
      assertThat(opening.log().toString()).doesNotContain("s3cr3t");
      table.close();
    }
  }
}
