package org.postern.driver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.BackendServer;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.Retry;
import org.postern.spi.ServerState;
import org.postern.spi.Table;
import org.postern.testkit.Patience;
import org.postern.testkit.TestOpening;
import org.postern.testservers.ConnectionWatch;
import org.postern.testservers.MariaDb;
import org.postern.testservers.Postgres;
import org.postern.testservers.TestServer;

/**
 * How many connections there are, as the server counts them, and what happens when all are busy.
 */
@Timeout(120)
class PoolTest {
  @TempDir Path directory;

  private static TestServer shared(String maptype) {
    return maptype.equals("mysql") ? MariaDb.shared() : Postgres.shared();
  }

  private static String sleep(String maptype, String seconds) {
    return maptype.equals("mysql")
        ? "SLEEP(" + seconds + ")"
        : "pg_sleep(" + seconds + ")::text || 'x'";
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void tablesWithEqualConnectionsShareThemAndThereAreNeverMoreThanThePoolHolds(String maptype)
      throws Exception {
    TestServer server = maptype.equals("mysql") ? MariaDb.shared() : Postgres.shared();
    SqlTables tables = new SqlTables(maptype, directory);
    String sleep = sleep(maptype, "0.02");
    List<Table> open = new ArrayList<>();
    Patience.until(() -> server.connections() == 0);
    for (int i = 0; i < 18; i++) {
      TestOpening opening =
          tables
              .opening(server.config() + "query = SELECT '" + i + "', " + sleep + "\n")
              .parameter("postern_pool_size", "3");
      open.add(opening.open(tables.driver));
    }
    assertThat(server.connections()).as("none before it is needed").isZero();
    assertThat(tables.driver.pools()).isEqualTo(1);
    assertThat(open.stream().map(Table::backend).distinct()).hasSize(1);
    List<Thread> askers = new ArrayList<>();
    AtomicInteger failures = new AtomicInteger();
    for (int i = 0; i < 36; i++) {
      Table table = open.get(i % 18);
      askers.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < 10; n++) {
                  if (!(SqlTables.lookup(table, "k" + n) instanceof Found)) {
                    failures.incrementAndGet();
                  }
                }
              }));
    }
    try (ConnectionWatch watch = ConnectionWatch.of(server)) {
      for (Thread asker : askers) {
        asker.join();
      }
      assertThat(watch.most()).isEqualTo(3);
    }
    assertThat(failures).hasValue(0);
    for (int i = 0; i < 17; i++) {
      open.get(i).close();
    }
    assertThat(SqlTables.lookup(open.getLast(), "k")).isInstanceOf(Found.class);
    open.getLast().close();
    assertThat(tables.driver.pools()).isZero();
    Patience.until(() -> server.connections() == 0);
  }

  @Test
  void tablesThatShareAPoolShowItAsOneServer() throws Exception {
    SqlTables tables = new SqlTables("mysql", directory);
    String config = MariaDb.shared().config();
    try (TestOpening first = tables.opening(config + "query = SELECT '%s'\n");
        TestOpening second = tables.opening(config + "query = SELECT SLEEP(1), '%s'\n")) {
      Table fast = first.open(tables.driver);
      Table slow = second.open(tables.driver);
      assertThat(fast.servers()).hasSize(1).isEqualTo(slow.servers());
      BackendServer server = fast.servers().getFirst();
      assertThat(server.state()).isEqualTo(new ServerState(0, 0, 8, 0, 0, Optional.empty()));
      SqlTables.lookup(fast, "k");
      assertThat(server.state()).isEqualTo(new ServerState(0, 1, 8, 0, 0, Optional.empty()));
      Thread asker = Thread.ofPlatform().start(() -> SqlTables.lookup(slow, "k"));
      Patience.until(() -> server.state().inUse() == 1);
      asker.join();
      assertThat(server.state().inUse()).isZero();
    }
  }

  /** Connections are lost and replaced all the time, and there is never one more. */
  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void replacingConnectionsUnderLoadTakesNoMore(String maptype) throws Exception {
    TestServer server = shared(maptype);
    SqlTables tables = new SqlTables(maptype, directory);
    Patience.until(() -> server.connections() == 0);
    try (TestOpening opening =
        tables
            .opening(server.config() + "query = SELECT '%s', count(*) FROM alias\n")
            .parameter("postern_pool_size", "3")) {
      Table table = opening.open(tables.driver);
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger found = new AtomicInteger();
      AtomicInteger retries = new AtomicInteger();
      AtomicInteger wrong = new AtomicInteger();
      List<Thread> load = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        String key = "k" + i;
        load.add(
            Thread.ofPlatform()
                .start(() -> {
                  while (!stop.get()) {
                    switch (SqlTables.lookup(table, key)) {
                      case Found _ -> found.incrementAndGet();
                      case Retry _ -> retries.incrementAndGet();
                      default -> wrong.incrementAndGet();
                    }
                  }
                }));
      }
      try (ConnectionWatch watch = ConnectionWatch.of(server)) {
        for (int cut = 0; cut < 30; cut++) {
          int before = found.get();
          Patience.until(() -> found.get() > before + 50);
          server.cutConnections();
        }
        stop.set(true);
        for (Thread thread : load) {
          thread.join();
        }
        assertThat(watch.most()).isBetween(1, 3);
        assertThat(watch.counted()).isGreaterThan(100);
      }
      assertThat(wrong).hasValue(0);
      assertThat(retries.get()).as("cut twice in a row").isLessThan(found.get() / 10);
    }
    Patience.until(() -> server.connections() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void whenAllAreBusyForTooLongIsRetryAndSaysSo(String maptype) throws Exception {
    TestServer server = shared(maptype);
    SqlTables tables = new SqlTables(maptype, directory);
    String slow = "query = SELECT '%s', " + sleep(maptype, "3") + "\n";
    TestOpening opening =
        tables.opening(server.config() + slow).parameter("postern_pool_size", "1");
    Table table = opening.open(tables.driver);
    List<LookupResult> results = new ArrayList<>();
    List<Thread> askers = new ArrayList<>();
    long begun = System.nanoTime();
    for (int i = 0; i < 4; i++) {
      String key = "k" + i;
      askers.add(
          Thread.ofPlatform()
              .start(() -> {
                LookupResult result = SqlTables.lookup(table, key);
                synchronized (results) {
                  results.add(result);
                }
              }));
    }
    for (Thread asker : askers) {
      asker.join();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(9));
    assertThat(results.stream().filter(Found.class::isInstance)).hasSize(2);
    assertThat(results.stream().filter(Retry.class::isInstance))
        .hasSize(2)
        .allSatisfy(retry ->
            assertThat(((Retry) retry).reason())
                .startsWith("all connections to ")
                .endsWith(" are in use"));
    table.close();
    assertThat(opening.warnings()).as("the server is not to blame").isEmpty();
  }

  /** Nobody waits for its answer, so that it should not go on in the server either. */
  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql"})
  void aQueryThatTakesTooLongEndsInTheServerToo(String maptype) throws Exception {
    TestServer server = shared(maptype);
    SqlTables tables = new SqlTables(maptype, directory);
    TestOpening opening =
        tables
            .opening(server.config() + "query = SELECT '%s', " + sleep(maptype, "50") + "\n")
            .parameter("postern_pool_size", "2");
    Table table = opening.open(tables.driver);
    try (ConnectionWatch watch = ConnectionWatch.of(server)) {
      for (int i = 0; i < 2; i++) {
        long begun = System.nanoTime();
        assertThat(SqlTables.lookup(table, "k"))
            .isInstanceOfSatisfying(
                Retry.class,
                retry -> assertThat(retry.reason()).containsPattern("and was ended|was canceled"));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(6));
      }
      assertThat(watch.most()).as("one that asks, one that ends it").isLessThanOrEqualTo(2);
    }
    assertThat(opening.warnings()).as("other tables go on").isEmpty();
    table.close();
    Patience.until(() -> server.connections() == 0);
  }
}
