package org.postern.host.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.wire.RawClient;

/** Who waits for a backend: the thread that has read the request, as long as it is the only one. */
@Timeout(60)
class WaitingTest {
  private static final String FOUND = "status|0|value|k||";

  @TempDir Path directory;

  @Test
  void aBackendThatIsIdleIsAskedByTheThreadThatHasReadTheRequest() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      daemon.tables.gate.release(2);
      assertThat(client.ask(lookup("slow:x", "k"))).isEqualTo(FOUND);
      assertThat(client.ask(lookup("slow:x", "k"))).isEqualTo(FOUND);
      assertThat(daemon.tables.slowThreads).allMatch(name -> name.startsWith("event-loop-"));
    }
  }

  @Test
  void whoeverAsksWhileItIsAtWorkHasAWorkerAskOne() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient first = daemon.client();
        RawClient second = daemon.client();
        RawClient other = daemon.client()) {
      List<String> threads = daemon.tables.slowThreads;
      first.send(lookup("slow:x", "k"));
      while (threads.isEmpty()) {
        assertThat(other.ask(lookup("echo:x", "k"))).as("served meanwhile").isEqualTo(FOUND);
      }
      second.send(lookup("slow:x", "another")); // equal lookups would be asked once
      while (threads.size() < 2) {
        assertThat(other.ask(lookup("echo:x", "k"))).as("served meanwhile").isEqualTo(FOUND);
      }
      daemon.tables.gate.release(2);
      assertThat(first.receive()).isEqualTo(FOUND);
      assertThat(second.receive()).isEqualTo("status|0|value|another||");
      assertThat(threads.get(0)).startsWith("event-loop-");
      assertThat(threads.get(1)).startsWith("slow-");
    }
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

  @Test
  void noThreadIsLeftWhenTheDaemonHasEnded() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      daemon.tables.gate.release();
      assertThat(client.ask(lookup("slow:x", "k"))).isEqualTo(FOUND);
      daemon.drain();
    }
    while (Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().startsWith("event-loop-"))) {
      Thread.onSpinWait();
    }
  }
}
