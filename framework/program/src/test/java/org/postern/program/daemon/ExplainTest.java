package org.postern.program.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.host.approval.Service;
import org.postern.host.service.Explained;
import org.postern.host.service.Explained.Kind;
import org.postern.host.service.Explained.Step;
import org.postern.operations.client.TableClient;

/** What an operator learns of one lookup. */
@Timeout(60)
class ExplainTest {
  @TempDir Path directory;

  private static Explained explain(RunningDaemon daemon, String table, String key)
      throws InterruptedException {
    return daemon
        .daemon()
        .explain(Service.PROXYMAP, table, key.getBytes(UTF_8), TableClient.DEFAULT_FLAGS)
        .orElseThrow();
  }

  private static List<Kind> kinds(Explained explained) {
    return explained.steps().stream().map(Step::step).toList();
  }

  private static Step step(Explained explained, Kind kind) {
    return explained.steps().stream().filter(step -> step.step() == kind).findFirst().orElseThrow();
  }

  @Test
  void aTableThatNeverWaits() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory)) {
      Explained explained = explain(daemon, "proxy:echo:x", "Key");
      assertThat(explained.table()).isEqualTo("echo:x");
      assertThat(explained.key()).isEqualTo("Key");
      assertThat(explained.plugin()).contains("test");
      assertThat(explained.approvedBy()).contains("proxy_read_maps (-o)");
      assertThat(explained.backend()).isEmpty();
      assertThat(kinds(explained)).containsExactly(Kind.values());
      assertThat(explained.steps()).allMatch(step -> step.seconds() >= 0 && step.seconds() < 10);
      assertThat(step(explained, Kind.OPENING).outcome()).isEqualTo("was opened now");
      assertThat(step(explained, Kind.LOOKUP).told()).contains("key: \"key\", in lower case");
      assertThat(explained.result().status()).isEqualTo("OK");
      assertThat(explained.result().value()).contains("key");
      assertThat(explained.result().flags())
          .contains("FIXED", "LOCK", "FOLD_FIX", "UTF8_REQUEST", "UTF8_ACTIVE");
      assertThat(step(explain(daemon, "echo:x", "k"), Kind.OPENING).outcome()).isEqualTo("is open");
    }
  }

  @Test
  void aTableThatIsNotApproved() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory)) {
      Explained explained = explain(daemon, "echo:other", "key");
      assertThat(kinds(explained)).containsExactly(Kind.APPROVAL);
      assertThat(explained.steps().getFirst().told())
          .contains(
              "to approve this table for read-only access, list proxy:echo:other in"
                  + " -o proxy_read_maps=")
          .last()
          .asString()
          .startsWith("to do so: give with -o: proxy_read_maps = proxy:echo:x ")
          .endsWith(" proxy:echo:other");
      assertThat(explained.result().status()).isEqualTo("DENY");
      assertThat(explained.result().number()).isEqualTo(4);
      assertThat(daemon.log.warnings()).isEmpty();
      assertThat(explain(daemon, "no-colon", "key").result().status()).isEqualTo("BAD");
    }
  }

  @Test
  void aTableThatIsNamedWithoutProxyIsToBeNamedWithIt() throws Exception {
    try (RunningDaemon daemon =
        new RunningDaemon(
            directory,
            "virtual_alias_maps",
            "echo:aliases",
            "proxy_read_maps",
            "$virtual_alias_maps")) {
      assertThat(explain(daemon, "echo:aliases", "key").steps().getFirst().told())
          .contains("to do so: give with -o: virtual_alias_maps = proxy:echo:aliases");
    }
  }

  @Test
  void aTableThatCannotBeOpened() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory)) {
      Explained explained = explain(daemon, "gone:x", "key");
      assertThat(kinds(explained)).containsExactly(Kind.APPROVAL, Kind.OPENING);
      assertThat(step(explained, Kind.OPENING).outcome())
          .startsWith("unavailable: unsupported dictionary type: gone");
      assertThat(explained.result().status()).isEqualTo("RETRY");
      assertThat(explained.result().reason()).isPresent();
    }
  }

  @Test
  void theFilesThatATableWasReadFrom() throws Exception {
    Files.writeString(directory.resolve("table"), "value");
    try (RunningDaemon daemon = new RunningDaemon(directory)) {
      assertThat(step(explain(daemon, daemon.file(), "key"), Kind.OPENING).told())
          .singleElement()
          .asString()
          .startsWith("file: " + directory + "/table, 5 bytes, of 2");
      Explained whole = explain(daemon, "pair:" + daemon.file(), "key");
      assertThat(step(whole, Kind.LOOKUP).told()).isEmpty(); // pair does not explain itself
      assertThat(whole.result().value()).isPresent();
    }
  }

  @Test
  void aTableThatWaits() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory)) {
      daemon.tables.gate.release();
      Explained explained = explain(daemon, "slow:x", "key");
      assertThat(explained.backend()).isPresent();
      assertThat(step(explained, Kind.TURN).outcome()).startsWith("at ");
      assertThat(explained.result().status()).isEqualTo("OK");
      assertThat(daemon.tables.slowThreads).noneMatch(name -> name.startsWith("event-loop"));
    }
  }

  @Test
  void aBackendThatHangsIsTooLateAndNothingElseHangs() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_lookup_timeout", "1s")) {
      Explained explained = explain(daemon, "slow:x", "key");
      assertThat(step(explained, Kind.LOOKUP).outcome()).isEqualTo("takes too long");
      assertThat(explained.result().status()).isEqualTo("RETRY");
      assertThat(explained.result().reason().orElseThrow())
          .startsWith(
              "no answer within postern_lookup_timeout: look whether what slow:x asks is slow");
      assertThat(explain(daemon, "echo:x", "key").result().status()).isEqualTo("OK");
    }
  }

  @Test
  void aServiceThatIsNotServed() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_proxywrite_socket", "")) {
      assertThat(daemon.daemon().explain(Service.PROXYWRITE, "echo:x", new byte[] {'k'}, 0))
          .isEmpty();
    }
  }
}
