package org.postern.program.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.operations.status.BackendStatus;
import org.postern.testkit.Patience;
import org.postern.testkit.wire.RawClient;

/** Who waits for a backend: the thread that has read the request, while another one can lead. */
@Timeout(60)
class WaitingTest {
  private static final String FOUND = "status|0|value|k||";

  @TempDir Path directory;

  /** Soon: another thread of the loop must wait to lead, and the last request must have ended. */
  @Test
  void aBackendThatIsIdleIsAskedByTheThreadThatHasReadTheRequest() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      Patience.until(() -> {
        daemon.tables.gate.release();
        assertThat(client.ask(lookup("slow:x", "k"))).isEqualTo(FOUND);
        return daemon.tables.slowThreads.getLast().startsWith("event-loop-");
      });
    }
  }

  /** The threads of a loop take turns otherwise. */
  @Test
  void aClientThatIsAloneHasOneThreadDoAll() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      Patience.until(() -> isWithOneThread(daemon, client));
    }
  }

  private static boolean isWithOneThread(RunningDaemon daemon, RawClient client) throws Exception {
    daemon.tables.gate.release();
    assertThat(client.ask(lookup("slow:x", "k"))).isEqualTo(FOUND);
    List<String> threads = daemon.tables.slowThreads;
    int count = threads.size();
    return count > 3
        && threads.getLast().startsWith("event-loop-")
        && Set.copyOf(threads.subList(count - 3, count)).size() == 1;
  }

  @Test
  void whoeverComesWhileThatThreadWaitsIsServedByTheOther() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      for (int i = 0; i < 3; i++) {
        Patience.until(() -> isWithOneThread(daemon, client));
        int before = daemon.tables.slowThreads.size();
        client.send(lookup("slow:x", "k"));
        Patience.until(() -> daemon.tables.slowThreads.size() > before);
        try (RawClient other = daemon.client()) {
          assertThat(isServed(other)).isTrue();
        }
        daemon.tables.gate.release();
        assertThat(client.receive()).isEqualTo(FOUND);
      }
    }
  }

  @Test
  void whoeverAsksMeanwhileIsAskedForByAnotherAndWhoMustQueueByAWorker() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient first = daemon.client();
        RawClient second = daemon.client();
        RawClient queued = daemon.client();
        RawClient other = daemon.client()) {
      List<String> threads = daemon.tables.slowThreads;
      first.send(lookup("slow:x", "k"));
      Patience.until(() -> isServed(other) && threads.size() == 1);
      second.send(lookup("slow:x", "k2"));
      Patience.until(() -> isServed(other) && threads.size() == 2);
      queued.send(lookup("slow:x", "k3"));
      Patience.until(() -> isServed(other) && daemon.status().backends().getFirst().queued() == 1);
      daemon.tables.gate.release(3);
      assertThat(first.receive()).isEqualTo(FOUND);
      assertThat(second.receive()).isEqualTo("status|0|value|k2||");
      assertThat(queued.receive()).isEqualTo("status|0|value|k3||");
      assertThat(threads.subList(0, 2))
          .doesNotHaveDuplicates()
          .allMatch(name -> name.startsWith("event-loop-"));
      assertThat(threads.getLast()).startsWith("slow-");
    }
  }

  @Test
  void aTableThatSaysNothingOfWaitingHasWorkersOfItsOwn() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client();
        RawClient other = daemon.client()) {
      client.send(lookup("unsaid:x", "k"));
      Patience.until(() -> isServed(other) && !daemon.status().backends().isEmpty());
      assertThat(isServed(other)).isTrue();
      assertThat(daemon.status().backends())
          .singleElement()
          .extracting(BackendStatus::name, BackendStatus::atWork, BackendStatus::limit)
          .containsExactly("unsaid:x", 1, 8);
      daemon.tables.gate.release();
      assertThat(client.receive()).isEqualTo(FOUND);
    }
  }

  /** Whether a table that waits for nothing answers. */
  private static boolean isServed(RawClient client) throws Exception {
    return client.ask(lookup("echo:x", "k")).equals(FOUND);
  }

  @Test
  void aTableThatLeavesTheThreadInterruptedHarmsNoClient() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client();
        RawClient other = daemon.client()) {
      daemon.tables.gate.release(20);
      for (int i = 0; i < 10; i++) {
        assertThat(client.ask(lookup("slow:x", "interrupted")))
            .isEqualTo("status|0|value|interrupted||");
        assertThat(client.ask(lookup("slow:x", "k"))).isEqualTo(FOUND);
        assertThat(other.ask(lookup("echo:x", "k"))).isEqualTo(FOUND);
      }
    }
  }

  /** The first one with a line; the next one a minute later, with how many there were. */
  @Test
  void aSlowLookupIsLogged() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_slow_lookup_time", "1");
        RawClient client = daemon.client()) {
      daemon.tables.gate.release();
      assertThat(client.ask(lookup("slow:x", "quick"))).isEqualTo("status|0|value|quick||");
      assertThat(slowLines(daemon)).isEmpty();
      for (int i = 0; i < 2; i++) {
        client.send(lookup("slow:x", "k"));
        Thread.sleep(1050);
        daemon.tables.gate.release();
        assertThat(client.receive()).isEqualTo(FOUND);
      }
      Patience.until(() -> !slowLines(daemon).isEmpty());
      assertThat(slowLines(daemon))
          .singleElement()
          .asString()
          .matches(
              "INFO slow:x: lookup took \\d{4,} ms, \\d+ ms of them waiting for a turn at slow");
    }
  }

  private static List<String> slowLines(RunningDaemon daemon) {
    return daemon.log.lines().stream().filter(line -> line.contains(" took ")).toList();
  }

  @Test
  void noThreadIsLeftWhenTheDaemonHasEnded() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      daemon.tables.gate.release();
      assertThat(client.ask(lookup("slow:x", "k"))).isEqualTo(FOUND);
      daemon.drain();
    }
    Patience.until(() ->
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> !before.contains(thread))
            .noneMatch(thread -> thread.getName().startsWith("event-loop-")));
  }
}
