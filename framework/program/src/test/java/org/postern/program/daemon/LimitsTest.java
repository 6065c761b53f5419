package org.postern.program.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Patience;
import org.postern.testkit.wire.RawClient;

/** One client that passes a bound is closed, with a log line, and nobody else notices. */
@Timeout(60)
class LimitsTest {
  @TempDir Path directory;

  @Test
  void closesAClientWhoseRequestIsTooLarge() throws Exception {
    try (RunningDaemon daemon =
            new RunningDaemon(directory, "postern_attribute_size_limit", "100");
        RawClient bad = daemon.client();
        RawClient good = daemon.client()) {
      bad.send("request|lookup|table|" + "x".repeat(101));
      assertThat(bad.isClosedByServer()).isTrue();
      assertThat(good.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      assertThat(daemon.log.warnings())
          .containsExactly(
              "WARN closing a client's connection: request exceeds"
                  + " postern_attribute_size_limit = 100 bytes");
    }
  }

  @Test
  void closesAClientThatStallsInTheMiddleOfARequest() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_request_timeout", "1s");
        RawClient bad = daemon.client();
        RawClient good = daemon.client()) {
      long begin = System.nanoTime();
      bad.send("request|lookup|table|ec");
      assertThat(bad.isClosedByServer()).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofSeconds(1));
      assertThat(good.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      assertThat(daemon.log.warnings())
          .containsExactly(
              "WARN closing a client's connection: the rest of a request did not come"
                  + " (postern_request_timeout = 1 s)");
    }
  }

  @Test
  void closesAnIdleClientWithoutAWarning() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "ipc_timeout", "1s");
        RawClient idle = daemon.client()) {
      assertThat(idle.isClosedByServer()).isTrue();
      assertThat(daemon.log.warnings()).isEmpty();
    }
  }

  @Test
  void closesAClientThatDoesNotReadItsReplies() throws Exception {
    try (RunningDaemon daemon =
            new RunningDaemon(directory, "postern_unread_reply_limit", "1000000");
        RawClient bad = daemon.client();
        RawClient good = daemon.client()) {
      String request = lookup("echo:x", "v".repeat(100_000));
      assertThat(sendUntilClosed(bad, request)).isTrue();
      assertThat(good.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      assertThat(daemon.log.warnings())
          .containsExactly(
              "WARN closing a client's connection: it does not read its replies"
                  + " (postern_unread_reply_limit = 1000000 bytes)");
    }
  }

  private static boolean sendUntilClosed(RawClient client, String request) {
    for (int i = 0; i < 1000; i++) {
      try {
        client.send(request);
      } catch (IOException closed) {
        return true;
      }
    }
    return false;
  }

  @Test
  void keepsRepliesThatAreReadLate() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient late = daemon.client()) {
      String value = "v".repeat(100_000);
      for (int i = 0; i < 20; i++) {
        late.send(lookup("echo:x", value + i));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(late.receive()).isEqualTo("status|0|value|" + value + i + "||");
      }
    }
  }

  @Test
  void whoHoldsMostIsClosedWhenAllTogetherHoldTooMuch() throws Exception {
    try (RunningDaemon daemon =
            new RunningDaemon(directory, "postern_client_memory_limit", "2000000");
        RawClient large = daemon.client();
        RawClient waiting = daemon.client();
        RawClient medium = daemon.client();
        RawClient good = daemon.client()) {
      medium.send("request|lookup|table|echo:x|flags|64|key|" + "m".repeat(300_000));
      waiting.send(lookup("slow:x", "w".repeat(300_000)));
      assertThat(good.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      String request = lookup("echo:x", "v".repeat(200_000));
      assertThat(sendUntilClosed(large, request)).isTrue();
      assertThat(good.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      medium.send("||");
      assertThat(medium.receive()).isEqualTo("status|0|value|" + "m".repeat(300_000) + "||");
      daemon.tables.gate.release();
      assertThat(waiting.receive()).isEqualTo("status|0|value|" + "w".repeat(300_000) + "||");
      assertThat(daemon.log.warnings())
          .containsExactly(
              "WARN closing the connection of the client for which most bytes are held: for all"
                  + " together there are more (postern_client_memory_limit = 2000000 bytes)");
      Patience.until(() -> daemon.status().clients().heldBytes().orElseThrow() == 0);
      assertThat(daemon.status().clients().givenUp()).contains(1L);
    }
  }

  @Test
  void requestsThatNobodyWaitsForAnyMoreTakeNoMoreThanTheirPart() throws Exception {
    try (RunningDaemon daemon =
            new RunningDaemon(directory, "postern_client_memory_limit", "2000000");
        RawClient other = daemon.client()) {
      for (int i = 0; i < 3; i++) {
        try (RawClient gone = daemon.client()) {
          gone.send(lookup("slow:x", i + "g".repeat(300_000)));
          int sent = i + 1;
          Patience.until(() -> handed(daemon) == sent);
        }
      }
      assertThat(other.ask(lookup("slow:x", "x".repeat(300_000)))).isEqualTo("status|2|value|||");
      assertThat(daemon.log.warnings())
          .contains(
              "WARN slow:x: lookup error: the requests that wait for backends hold too many bytes"
                  + " (postern_client_memory_limit)");
    }
  }

  private static long handed(RunningDaemon daemon) {
    return daemon.status().backends().stream()
        .mapToLong(backend -> backend.atWork() + backend.queued())
        .sum();
  }

  @Test
  void aFloodOfOneClientIsAnsweredInSlices() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient flood = daemon.client();
        RawClient other = daemon.client()) {
      String request = lookup("echo:x", "v".repeat(50_000));
      Thread.Builder.OfPlatform thread = Thread.ofPlatform().daemon();
      int count = 120;
      Thread sender =
          thread.start(() -> {
            try {
              for (int i = 0; i < count; i++) {
                flood.send(request);
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      for (int i = 0; i < 100; i++) {
        assertThat(other.ask(lookup("echo:x", "k" + i))).isEqualTo("status|0|value|k" + i + "||");
      }
      for (int i = 0; i < count; i++) {
        assertThat(flood.receive()).hasSize("status|0|value|".length() + 50_000 + 2);
      }
      sender.join();
      flood.send(lookup("echo:x", "a").repeat(5000));
      for (int i = 0; i < 5000; i++) {
        assertThat(flood.receive()).isEqualTo("status|0|value|a||");
      }
    }
  }

  @Test
  void manyProxyPrefixesCostNoMoreThanOne() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      long begin = System.nanoTime();
      String name = "proxy:".repeat(170_000) + "echo:x";
      assertThat(client.ask(lookup(name, "k"))).isEqualTo("status|0|value|k||");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void turnsClientsAwayWhenThereAreTooMany() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_connection_limit", "2");
        RawClient one = daemon.client()) {
      try (RawClient two = daemon.client();
          RawClient three = RawClient.silent(daemon.socket)) {
        assertThat(three.isClosedByServer()).isTrue();
        assertThat(two.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      }
      assertThat(one.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      assertThat(daemon.log.warnings())
          .containsExactly(
              "WARN " + daemon.socket + ": turning clients away (postern_connection_limit = 2)");
    }
  }

  @Test
  void aBackendThatHangsDelaysOnlyThoseWhoAskIt() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_lookup_timeout", "1s");
        RawClient waiting = daemon.client();
        RawClient other = daemon.client()) {
      waiting.send(lookup("slow:x", "late") + lookup("echo:x", "next"));
      assertThat(other.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      assertThat(waiting.receive()).as("its time is up").isEqualTo("status|2|value|||");
      assertThat(waiting.receive()).isEqualTo("status|0|value|next||");
      daemon.tables.gate.release();
      assertThat(waiting.ask(lookup("echo:x", "k")))
          .as("the late value goes nowhere")
          .isEqualTo("status|0|value|k||");
      assertThat(daemon.log.warnings())
          .containsExactly("WARN slow:x: lookup error: no answer within postern_lookup_timeout");
    }
  }

  @Test
  void answersRetryWhenABackendsQueueIsFull() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_backend_queue_limit", "1");
        RawClient first = daemon.client();
        RawClient second = daemon.client();
        RawClient queued = daemon.client();
        RawClient refused = daemon.client()) {
      first.send(lookup("slow:x", "first"));
      second.send(lookup("slow:x", "second"));
      queued.send(lookup("slow:x", "queued"));
      // What is ready together is served in one turn: two turns later, the three are handed over.
      for (int i = 0; i < 2; i++) {
        assertThat(refused.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      }
      String answer = refused.ask(lookup("slow:x", "k"));
      assertThat(answer).isEqualTo("status|2|value|||");
      assertThat(daemon.log.warnings())
          .containsExactly("WARN slow:x: lookup error: too many requests wait for slow");
      daemon.tables.gate.release(3);
      assertThat(first.receive()).isEqualTo("status|0|value|first||");
      assertThat(second.receive()).isEqualTo("status|0|value|second||");
      assertThat(queued.receive()).isEqualTo("status|0|value|queued||");
    }
  }

  @Test
  void equalLookupsUnderWayAreAskedOnce() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_backend_queue_limit", "1");
        RawClient first = daemon.client();
        RawClient second = daemon.client();
        RawClient third = daemon.client();
        RawClient onceMore = daemon.client()) {
      try (RawClient gone = daemon.client()) {
        gone.send(lookup("slow:x", "k"));
        for (RawClient client : new RawClient[] {first, second, third, onceMore}) {
          client.send(lookup("slow:x", "k"));
        }
        first.send(lookup("echo:x", "k"));
      }
      for (int i = 0; i < 2; i++) {
        try (RawClient other = daemon.client()) {
          assertThat(other.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
        }
      }
      daemon.tables.gate.release();
      for (RawClient client : new RawClient[] {first, second, third, onceMore}) {
        assertThat(client.receive()).isEqualTo("status|0|value|k||");
      }
      assertThat(daemon.tables.lookups).hasValue(1);
      daemon.tables.gate.release();
      assertThat(second.ask(lookup("slow:x", "k"))).isEqualTo("status|0|value|k||");
      assertThat(daemon.tables.lookups).as("an answer is given once, not kept").hasValue(2);
    }
  }
}
