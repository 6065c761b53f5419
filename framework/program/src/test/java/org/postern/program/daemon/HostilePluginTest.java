package org.postern.program.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.config.Configuration;
import org.postern.host.approval.Service;
import org.postern.host.approval.TableApproval;
import org.postern.host.service.Explained;
import org.postern.host.table.OpenTables;
import org.postern.loader.DriverRegistry;
import org.postern.loader.Plugins;
import org.postern.loader.Unpacking;
import org.postern.loader.VendorPlugins;
import org.postern.operations.check.CheckReport;
import org.postern.operations.check.ServiceCheck;
import org.postern.operations.status.BackendStatus;
import org.postern.spi.Access;
import org.postern.testkit.LogLines;
import org.postern.testkit.Patience;
import org.postern.testkit.PluginFolder;
import org.postern.testkit.wire.RawClient;

/**
 * A vendor's plugin that does what it must not: its own tables answer RETRY, the log names it, all
 * other tables go on, and the daemon ends when it is told to.
 */
@Timeout(120)
class HostilePluginTest {
  private static final String RETRY = "status|2|value|||";
  private static final String GOOD = "status|0|value|good||";

  /** What a table does is said by its name. What never ends does so when the test has ended. */
  private static final String HOSTILE =
      """
      package example;
      import java.util.*;
      import org.postern.spi.*;
      public class P implements TablePlugin {
        public List<TableDriver> drivers() {
          return List.of(new Driver());
        }
        static Object never() {
          while (java.nio.file.Files.exists(java.nio.file.Path.of("WHILE"))) {
            try {
              Thread.sleep(20);
            } catch (InterruptedException e) {
              // goes on
            }
          }
          return null;
        }
        static class Driver implements TableDriver {
          public Set<String> maptypes() { return Set.of("hostile"); }
          public Table open(TableOpening opening) {
            switch (opening.name()) {
              case "open-throws": throw new StackOverflowError("password=s3cr3t");
              case "open-null": return null;
              case "open-hangs": never();
              default: return new Hostile(opening.name());
            }
          }
        }
        static class Hostile implements Table {
          final String does;
          Hostile(String does) { this.does = does; }
          public int flags() {
            if (does.equals("flags-throw")) { throw new NoSuchMethodError("password=s3cr3t"); }
            return TableFlags.FIXED;
          }
          public boolean answersFromMemory() {
            return does.startsWith("memory");
          }
          public Optional<Backend> backend() {
            switch (does) {
              case "backend-null": return null;
              case "backend-throws": throw new ExceptionInInitializerError("password=s3cr3t");
              default: return Optional.empty();
            }
          }
          public List<String> describe() {
            if (does.equals("describe-hangs")) { never(); }
            return List.of();
          }
          public List<BackendServer> servers() {
            if (does.equals("servers-hang")) { never(); }
            return List.of();
          }
          public LookupResult lookup(byte[] key, int flags) {
            String asked = new String(key);
            if (asked.equals("fine")) { return new Found(key); }
            switch (does) {
              case "lookup-null": case "memory-null": return null;
              case "found-null": case "memory-found-null": return new Found(null);
              case "lookup-throws": throw new LinkageError("password=s3cr3t");
              case "memory-throws": throw new OutOfMemoryError("password=s3cr3t");
              case "exits":
                if (key.length < 2) { Runtime.getRuntime().exit(key.length); }
                for (byte one : key) {
                  Object what = one == 'x' ? "a" : Integer.valueOf(1);
                  System.exit(what.hashCode());
                }
              case "halts":
                try {
                  Runtime.getRuntime().halt(7);
                } finally {
                  does.length();
                }
              case "thread-death": throw new ThreadDeath();
              case "overflow": return lookup(key, flags + 1);
              case "hangs": case "memory-hangs": never();
              case "waits":
                try {
                  Thread.sleep(100_000);
                } catch (InterruptedException e) {
                  return new Retry("interrupted");
                }
              case "memory-waits":
                try {
                  Thread.sleep(2500);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                return new Found(key);
              default: return NotFound.NOT_FOUND;
            }
          }
          public void close() {
            never();
          }
        }
      }
      """;

  @TempDir Path plugins;
  @TempDir Path queue;

  @BeforeEach
  void onlyTheOwnerMayWrite() throws IOException {
    Files.setPosixFilePermissions(plugins, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The hostile plugin and a good one; what hangs does so until the file "running" is gone. */
  private DriverRegistry load() throws IOException {
    Path running = Files.createFile(queue.resolve("running"));
    PluginFolder.compiled(plugins, "hostile", HOSTILE.replace("WHILE", running.toString()));
    PluginFolder.answering(plugins, "good", "good", "\"good\"");
    Plugins loaded = Plugins.none();
    loaded.add(new VendorPlugins(plugins, Set.of(), Unpacking.temporary()));
    assertThat(loaded.problems()).isEmpty();
    return loaded.drivers();
  }

  /** A daemon with the two. */
  private final class Running implements AutoCloseable {
    final LogLines log = new LogLines();
    final Daemon daemon;

    Running() throws IOException {
      this("1s");
    }

    Running(String lookupTimeout) throws IOException {
      DriverRegistry drivers = load();
      Map<String, String> settings = new HashMap<>();
      settings.put("queue_directory", queue.toString());
      settings.put("postern_proxymap_socket", "read");
      settings.put("postern_proxywrite_socket", "");
      settings.put("postern_lookup_timeout", lookupTimeout);
      settings.put("postern_pool_size", "2");
      settings.put("postern_drain_timeout", "1s");
      StringBuilder maps = new StringBuilder("proxy:good:x");
      for (String does : HANGING) {
        maps.append(" proxy:hostile:").append(does);
      }
      for (String does : MISTAKES) {
        maps.append(" proxy:hostile:").append(does);
      }
      settings.put("proxy_read_maps", maps.toString());
      daemon = Daemon.start(Configuration.of(settings), drivers);
    }

    RawClient client() throws IOException {
      return RawClient.connect(queue.resolve("read"));
    }

    @Override
    public void close() throws IOException {
      try {
        daemon.drain();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      log.close();
      Files.delete(queue.resolve("running"));
    }
  }

  private static final List<String> HANGING =
      List.of(
          "servers-hang",
          "hangs",
          "waits",
          "memory-waits",
          "memory-hangs",
          "describe-hangs",
          "open-hangs");

  private static final List<String> MISTAKES =
      List.of(
          "open-throws",
          "open-null",
          "flags-throw",
          "backend-null",
          "backend-throws",
          "lookup-null",
          "memory-null",
          "found-null",
          "memory-found-null",
          "lookup-throws",
          "memory-throws",
          "thread-death",
          "exits",
          "halts",
          "overflow");

  @Test
  void whateverATableThrowsOrLeavesOutIsRetryForItAlone() throws Exception {
    try (Running running = new Running();
        RawClient client = running.client()) {
      for (String does : MISTAKES) {
        assertThat(client.ask(lookup("hostile:" + does, "k"))).as(does).isEqualTo(RETRY);
        assertThat(client.ask(lookup("good:x", "k"))).as("after " + does).isEqualTo(GOOD);
        Patience.until(() -> isSaidOf(running, does));
      }
      assertThat(running.log.lines()).noneMatch(line -> line.contains("s3cr3t"));
    }
  }

  private static boolean isSaidOf(Running running, String does) {
    return running.log.warnings().stream()
        .anyMatch(line ->
            line.contains("hostile:" + does)
                && line.contains("plugin hostile failed")
                && line.contains("ask who has made the plugin"));
  }

  @Test
  void callsThatHangAreGivenUpAndTheTableServesOthers() throws Exception {
    try (Running running = new Running();
        RawClient first = running.client();
        RawClient second = running.client();
        RawClient other = running.client()) {
      first.send(lookup("hostile:hangs", "1"));
      second.send(lookup("hostile:hangs", "2"));
      assertThat(other.ask(lookup("good:x", "k"))).isEqualTo(GOOD);
      assertThat(first.receive()).isEqualTo(RETRY);
      assertThat(second.receive()).isEqualTo(RETRY);
      Patience.until(() -> givenUp(running) == 2);
      assertThat(other.ask(lookup("hostile:hangs", "fine"))).isEqualTo("status|0|value|fine||");
      assertThat(running.log.warnings())
          .anySatisfy(line ->
              assertThat(line)
                  .contains("lookup in hostile:hangs of plugin hostile", "is given up", "P.never"));
    }
  }

  private static int givenUp(Running running) {
    return running.daemon.status().backends().stream()
        .filter(backend -> backend.name().equals("hostile:hangs"))
        .mapToInt(BackendStatus::givenUp)
        .sum();
  }

  @Test
  void aCallThatHeedsAnInterruptionEndsWithIt() throws Exception {
    try (Running running = new Running();
        RawClient client = running.client()) {
      assertThat(client.ask(lookup("hostile:waits", "1"))).isEqualTo(RETRY);
      Patience.until(() ->
          running.daemon.status().backends().stream().allMatch(backend -> backend.atWork() == 0));
      assertThat(running.daemon.status().backends())
          .allMatch(backend -> backend.givenUp() == 0 && backend.done() == 1);
    }
  }

  @Test
  void anOpeningThatHangsIsRetryAtOnceAfterAWhileAndSaid() throws Exception {
    try (Running running = new Running();
        RawClient client = running.client()) {
      assertThat(client.ask(lookup("hostile:open-hangs", "k"))).isEqualTo(RETRY);
      Patience.until(() ->
          running.log.warnings().stream()
              .anyMatch(line ->
                  line.contains("hostile:open-hangs of plugin hostile is still being opened")));
      assertThat(client.ask(lookup("hostile:open-hangs", "k"))).isEqualTo(RETRY);
      assertThat(client.ask(lookup("good:x", "k"))).isEqualTo(GOOD);
    }
  }

  @Test
  void aTableThatKeepsTheLoopWaitingIsNamed() throws Exception {
    try (Running running = new Running("30s");
        RawClient client = running.client();
        RawClient other = running.client()) {
      client.send(lookup("hostile:memory-waits", "k"));
      Patience.until(() ->
          running.log.warnings().stream()
              .anyMatch(line ->
                  line.contains("hostile:memory-waits of plugin hostile keeps an event loop")));
      assertThat(client.receive()).isEqualTo("status|0|value|k||");
      assertThat(other.ask(lookup("good:x", "k"))).isEqualTo(GOOD);
    }
  }

  /** Postfix's programs connect again when their connection is closed. */
  @Test
  void anEventLoopThatHangsIsReplacedAndItsClientsConnectAgain() throws Exception {
    try (Running running = new Running()) {
      try (RawClient client = running.client();
          RawClient other = running.client()) {
        assertThat(other.ask(lookup("good:x", "k"))).isEqualTo(GOOD);
        client.send(lookup("hostile:memory-hangs", "k"));
        assertThat(other.isClosedByServer()).isTrue();
        assertThat(client.isClosedByServer()).isTrue();
      }
      try (RawClient client = running.client();
          RawClient other = running.client()) {
        client.send(lookup("hostile:memory-hangs", "k"));
        assertThat(other.ask(lookup("good:x", "k"))).isEqualTo(GOOD);
        assertThat(client.receive()).as("a worker hangs now").isEqualTo(RETRY);
        assertThat(client.ask(lookup("hostile:memory-hangs", "fine")))
            .isEqualTo("status|0|value|fine||");
        Patience.until(() -> running.daemon.status().clients().present() == 2);
        assertThat(running.log.warnings())
            .anySatisfy(line ->
                assertThat(line)
                    .contains("hostile:memory-hangs of plugin hostile has kept an event loop")
                    .contains("P.never"));
      }
      CountDownLatch turned = new CountDownLatch(1);
      running.daemon.afterTurn(turned::countDown);
      turned.await();
    }
  }

  @Test
  void theStatusIsGivenThoughServersHang() throws Exception {
    try (Running running = new Running();
        RawClient client = running.client()) {
      assertThat(client.ask(lookup("hostile:servers-hang", "fine")))
          .isEqualTo("status|0|value|fine||");
      for (int i = 0; i < 3; i++) {
        assertThat(running.daemon.status().tables()).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hangs", "memory-hangs", "open-hangs"})
  void whoAsksForAnExplanationIsToldWhatHangs(String does) throws Exception {
    try (Running running = new Running()) {
      Explained explained =
          running
              .daemon
              .explain(Service.PROXYMAP, "hostile:" + does, "k".getBytes(UTF_8), 0)
              .orElseThrow();
      assertThat(explained.result().status()).isEqualTo("RETRY");
      assertThat(explained.result().reason().orElseThrow())
          .contains("hostile:" + does + " of plugin hostile");
      assertThat(explained.steps().getLast().outcome())
          .containsAnyOf("takes too long", "unavailable");
    }
  }

  @Test
  void aCheckTellsWhichTableHangsAndEnds() throws Exception {
    DriverRegistry drivers = load();
    Path running = queue.resolve("running");
    try {
      Configuration configuration =
          Configuration.of(
              Map.of(
                  "proxy_read_maps",
                  "proxy:hostile:describe-hangs proxy:hostile:open-hangs proxy:hostile:fine"));
      OpenTables tables =
          new OpenTables(drivers, Access.READ_ONLY, configuration, Runnable::run, Runnable::run);
      CheckReport report =
          new ServiceCheck(
                  TableApproval.of(configuration, Service.PROXYMAP), tables, Duration.ofSeconds(1))
              .report("the test");
      assertThat(report.tables())
          .extracting(CheckReport.CheckedTable::state)
          .containsExactly(CheckReport.State.WRONG, CheckReport.State.WRONG, CheckReport.State.OK);
      assertThat(report.tables().subList(0, 2))
          .allSatisfy(table ->
              assertThat(table.problems())
                  .singleElement()
                  .asString()
                  .contains(
                      "no answer within 1 seconds", "ask who has made plugin hostile", "P.never"));
      ServiceCheck.closeSoon(tables); // though close() of the plugin never ends
    } finally {
      Files.delete(running);
    }
  }

  /** The first one may take the time that all have together, the others get a second each. */
  @Test
  void aPluginThatHangsAtItsStartIsLeftOut() throws Exception {
    PluginFolder.answering(plugins, "good", "good", "\"good\"");
    starting(
        "hangs-1",
        "public P() { synchronized (this) { while (true) { try { wait(); }"
            + " catch (InterruptedException e) { } } } }",
        "List.of()");
    starting("hangs-2", "", "hang()");
    Plugins loaded = Plugins.none();
    loaded.add(new VendorPlugins(plugins, Set.of(), Unpacking.temporary()));
    assertThat(loaded.problems()).hasSize(2);
    assertThat(loaded.problems())
        .allSatisfy(problem ->
            assertThat(problem.toString())
                .contains("has not come back within", "ask who made the plugin"));
    assertThat(loaded.drivers().maptypes()).containsExactly("good");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "throwing(new LinkageError(\"password=s3cr3t\"))",
        "throwing(new ThreadDeath())",
        "throwing(new OutOfMemoryError(\"x\"))",
        "Arrays.asList((TableDriver) null)",
        "List.of()"
      })
  void aPluginThatCannotNameItsDriversIsLeftOut(String drivers) throws Exception {
    starting("bad", "", drivers);
    PluginFolder.answering(plugins, "good", "good", "\"good\"");
    Plugins loaded = Plugins.none();
    loaded.add(new VendorPlugins(plugins, Set.of(), Unpacking.temporary()));
    assertThat(loaded.problems())
        .singleElement()
        .asString()
        .contains(plugins + "/bad", "ask who made the plugin")
        .doesNotContain("s3cr3t");
    assertThat(loaded.drivers().maptypes()).containsExactly("good");
  }

  private void starting(String id, String constructor, String drivers) throws IOException {
    PluginFolder.compiled(
        plugins,
        id,
        """
        package example;
        import java.util.*;
        import org.postern.spi.*;
        public class P implements TablePlugin {
          %s
          static List<TableDriver> throwing(Error error) { throw error; }
          static List<TableDriver> hang() {
            while (true) {
              try { Thread.sleep(1000); } catch (InterruptedException e) { }
            }
          }
          public List<TableDriver> drivers() { return %s; }
        }
        """
            .formatted(constructor, drivers));
  }
}
