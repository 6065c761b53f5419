package org.postern.program.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Patience;
import org.postern.testkit.wire.RawClient;

/** A daemon that ends: no client loses a request, or asks somebody who is not there. */
@Timeout(60)
class DrainTest {
  private static final String REPLY = "status|0|value|k||";

  @TempDir Path directory;

  private static Thread drain(RunningDaemon daemon) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            daemon.drain();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static void hold(CountDownLatch until) {
    try {
      until.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whoHasJustConnectedIsAnswered() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_event_loops", "1");
        RawClient idle = daemon.client()) {
      assertThat(idle.ask(lookup("echo:x", "k"))).isEqualTo(REPLY);
      try (RawClient client = daemon.client()) {
        Thread draining = drain(daemon);
        assertThat(idle.receive()).isEmpty();
        assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo(REPLY);
        assertThat(client.receive()).isEmpty();
        draining.join();
      }
    }
  }

  @Test
  void whoHasConnectedAndWasNotYetAcceptedIsAnswered() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_event_loops", "1")) {
      CountDownLatch held = new CountDownLatch(1);
      CountDownLatch holding = new CountDownLatch(1);
      daemon.onLoop(() -> {
        holding.countDown();
        hold(held);
      });
      holding.await();
      try (RawClient client = RawClient.silent(daemon.socket)) {
        client.send(lookup("echo:x", "k"));
        Thread draining = drain(daemon);
        Patience.until(() -> draining.getState() == Thread.State.TIMED_WAITING);
        held.countDown();
        assertThat(client.receive()).isEqualTo(RawClient.GREETING);
        assertThat(client.receive()).isEqualTo(REPLY);
        assertThat(client.receive()).isEmpty();
        draining.join();
      }
    }
  }

  @Test
  void whatComesTooLateIsNeitherRefusedNorAnswered() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient busy = daemon.client();
        RawClient late = daemon.client()) {
      assertThat(late.ask(lookup("echo:x", "k"))).isEqualTo(REPLY);
      busy.send(lookup("slow:x", "k"));
      Thread draining = drain(daemon);
      assertThat(late.receive()).isEmpty();
      late.send(lookup("echo:x", "k"));
      daemon.tables.gate.release();
      assertThat(busy.receive()).isEqualTo(REPLY);
      draining.join();
      assertThat(late.receive()).as("no error").isEmpty();
    }
  }

  @Test
  void whoSaysNothingDoesNotKeepItFromEnding() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient silent = daemon.client();
        RawClient other = daemon.client()) {
      assertThat(other.ask(lookup("echo:x", "k"))).isEqualTo(REPLY);
      long begun = System.nanoTime();
      daemon.drain();
      assertThat((System.nanoTime() - begun) / 1_000_000).isLessThan(9_000);
      assertThat(silent.receive()).isEmpty();
      assertThat(other.receive()).isEmpty();
    }
  }
}
