package org.postern.driver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.Patience;
import org.postern.testkit.TestOpening;
import org.postern.testservers.ConnectionWatch;
import org.postern.testservers.MariaDb;
import org.postern.testservers.Postgres;
import org.postern.testservers.TestServer;

/** Servers that go, come back, hang, or change under us. */
@Timeout(300)
class FaultTest {
  private static final String QUERY = "query = SELECT target FROM alias WHERE address = '%s'\n";

  /** The longest that a lookup may take when nothing answers: postern_lookup_timeout and some. */
  private static final Duration DEADLINE = Duration.ofSeconds(6);

  @TempDir Path directory;

  private static TestServer server(String maptype) throws Exception {
    TestServer server = maptype.equals("mysql") ? new MariaDb() : new Postgres();
    String alias = maptype.equals("mysql") ? "mail.alias" : "alias";
    server.execute("INSERT INTO " + alias + " VALUES ('k','v',1,NULL)");
    return server;
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void aServerThatIsKilledAndStartedUnderLoadIsNeverAWrongAnswer(String maptype) throws Exception {
    int rounds = Integer.getInteger("postern.fault.rounds", 20);
    try (TestServer server = server(maptype);
        ConnectionWatch watch = ConnectionWatch.of(server)) {
      SqlTables tables = new SqlTables(maptype, directory);
      TestOpening opening =
          tables.opening(server.config() + QUERY).parameter("postern_pool_size", "4");
      Table table = opening.open(tables.driver);
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger wrong = new AtomicInteger();
      AtomicInteger retries = new AtomicInteger();
      AtomicInteger found = new AtomicInteger();
      AtomicLong longest = new AtomicLong();
      List<Thread> load = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        load.add(
            Thread.ofPlatform()
                .start(() -> {
                  while (!stop.get()) {
                    long begun = System.nanoTime();
                    LookupResult result = SqlTables.lookup(table, "k");
                    longest.accumulateAndGet(System.nanoTime() - begun, Math::max);
                    switch (result) {
                      case Found(byte[] value, int _) when value.length == 1 ->
                          found.incrementAndGet();
                      case Retry _ -> retries.incrementAndGet();
                      default -> wrong.incrementAndGet();
                    }
                    LockSupport.parkNanos(1_000_000); // the processor is for the server too
                  }
                }));
      }
      for (int round = 0; round < rounds; round++) {
        Patience.until(() -> SqlTables.lookup(table, "k") instanceof Found);
        int before = watch.counted();
        Patience.until(() -> watch.counted() >= before + 20);
        server.kill();
        Patience.until(() -> SqlTables.lookup(table, "k") instanceof Retry);
        server.restart();
        long back = System.nanoTime();
        Patience.until(() -> SqlTables.lookup(table, "k") instanceof Found);
        assertThat(Duration.ofNanos(System.nanoTime() - back))
            .as("round %d: recovery", round)
            .isLessThan(Duration.ofSeconds(1));
        assertThat(SqlTables.lookup(table, "none"))
            .as("that is not there")
            .isNotInstanceOf(Found.class);
      }
      stop.set(true);
      for (Thread thread : load) {
        thread.join();
      }
      assertThat(wrong).hasValue(0);
      assertThat(watch.most()).as("connections that the server had").isBetween(1, 4);
      assertThat(watch.counted()).isGreaterThan(20 * rounds);
      assertThat(retries.get()).isPositive();
      assertThat(found.get()).isPositive();
      assertThat(Duration.ofNanos(longest.get())).isLessThan(DEADLINE);
      assertThat(opening.warnings()).hasSizeGreaterThanOrEqualTo(1).hasSizeLessThan(5 * rounds + 5);
      table.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void cutConnectionsHarmNoLookup(String maptype) throws Exception {
    try (TestServer server = server(maptype)) {
      SqlTables tables = new SqlTables(maptype, directory);
      try (TestOpening opening = tables.opening(server.config() + QUERY)) {
        Table table = opening.open(tables.driver);
        for (int round = 0; round < 20; round++) {
          assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found("v"));
          server.cutConnections();
          Patience.until(() -> server.connections() == 0);
        }
        assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found("v"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void aServerThatNeverAnswersIsRetryWithinTheDeadline(String maptype) throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
      SqlTables tables = new SqlTables(maptype, directory);
      String config =
          "hosts = 127.0.0.1:" + silent.getLocalPort() + "\nuser = u\npassword = p\ndbname = d\n";
      TestOpening opening = tables.opening(config + QUERY);
      Table table = opening.open(tables.driver);
      long begun = System.nanoTime();
      assertThat(SqlTables.lookup(table, "k")).isInstanceOf(Retry.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(DEADLINE);
      assertThat(table.servers().getFirst().state().trouble())
          .as("known after the first lookup")
          .hasValueSatisfying(trouble -> assertThat(trouble).endsWith("Read timed out"));
      begun = System.nanoTime();
      assertThat(SqlTables.lookup(table, "k")).isInstanceOf(Retry.class);
      assertThat(Duration.ofNanos(System.nanoTime() - begun))
          .as("once it is known, nobody waits for it")
          .isLessThan(Duration.ofSeconds(1));
      table.close();
    }
  }

  @Test
  void aServerThatFreezesIsGivenUpAndTheOtherIsAsked() throws Exception {
    try (MariaDb frozen = (MariaDb) server("mysql")) {
      MariaDb other = MariaDb.shared();
      other.execute("REPLACE INTO mail.alias VALUES ('k','other',1,NULL)");
      SqlTables tables = new SqlTables("mysql", directory);
      TestOpening opening =
          tables.opening(
              frozen.config("unix:" + frozen.socket() + " 127.0.0.1:" + other.port()) + QUERY);
      Table table = opening.open(tables.driver);
      assertThat(SqlTables.ask(table, "k")).as("the socket first").isEqualTo(Answer.found("v"));
      frozen.freeze(true);
      long begun = System.nanoTime();
      LookupResult result = SqlTables.lookup(table, "k");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(DEADLINE);
      assertThat(result).isNotInstanceOf(NotFound.class);
      assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found("other"));
      frozen.freeze(false);
      assertThat(SqlTables.ask(table, "k"))
          .as("left alone for retry_interval")
          .isEqualTo(Answer.found("other"));
      table.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void aTableThatIsDroppedIsRetryUntilItIsBack(String maptype) throws Exception {
    TestServer server = maptype.equals("mysql") ? MariaDb.shared() : Postgres.shared();
    String name = maptype.equals("mysql") ? "mail.passing" : "passing";
    String[] make = {
      "CREATE TABLE " + name + " (k VARCHAR(9), v VARCHAR(9))",
      "INSERT INTO " + name + " VALUES ('k','v')",
      "GRANT ALL ON " + name + " TO mail" + (maptype.equals("mysql") ? "@localhost" : "")
    };
    server.execute("DROP TABLE IF EXISTS " + name);
    server.execute(make);
    SqlTables tables = new SqlTables(maptype, directory);
    try (TestOpening opening =
        tables.opening(server.config() + "query = SELECT v FROM passing WHERE k = '%s'\n")) {
      Table table = opening.open(tables.driver);
      assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found("v"));
      server.execute("DROP TABLE " + name);
      assertThat(SqlTables.lookup(table, "k")).isInstanceOf(Retry.class);
      server.execute(make);
      assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found("v"));
    }
  }
}
