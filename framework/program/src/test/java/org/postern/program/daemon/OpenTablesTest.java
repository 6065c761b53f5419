package org.postern.program.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.wire.RawClient;

@Timeout(60)
class OpenTablesTest {
  @TempDir Path directory;

  @Test
  void opensATableOnceHoweverManyAskAtOnce() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_event_loops", "3")) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        clients.add(daemon.client());
      }
      for (RawClient client : clients) {
        client.send(lookup("echo:x", "k"));
      }
      for (RawClient each : clients) {
        try (RawClient client = each) {
          assertThat(client.receive()).isEqualTo("status|0|value|k||");
        }
      }
      assertThat(daemon.tables.opened).hasValue(1);
    }
  }

  @Test
  void noticesAChangedSourceWithinASecondAndDisconnectsNobody() throws Exception {
    Files.writeString(directory.resolve("table"), "old");
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      assertThat(client.ask(lookup(daemon.file(), "k"))).isEqualTo("status|0|value|old||");
      assertThat(client.ask(lookup("pair:" + daemon.file(), "k")))
          .isEqualTo("status|0|value|old||");
      Files.writeString(directory.resolve("table"), "new");
      long begin = System.nanoTime();
      await(client, daemon.file(), "status|0|value|new||");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(1500));
      await(client, "pair:" + daemon.file(), "status|0|value|new||");
      daemon.log.await("INFO table " + daemon.file() + " has changed -- opened anew");
    }
  }

  @Test
  void aTableThatChangesItsFileItselfIsOpenedAnewOnlyForAnotherFile() throws Exception {
    Path file = Files.writeString(directory.resolve("table"), "old");
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      String named = "named:" + file;
      assertThat(client.ask(lookup(named, "k"))).isEqualTo("status|0|value|old||");
      assertThat(client.ask(lookup(daemon.file(), "k"))).isEqualTo("status|0|value|old||");
      Files.writeString(file, "changed");
      await(client, daemon.file(), "status|0|value|changed||");
      assertThat(client.ask(lookup(named, "k"))).isEqualTo("status|0|value|old||");
      assertThat(daemon.tables.opened).hasValue(3);
      Path other = Files.writeString(directory.resolve("other"), "other");
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      await(client, named, "status|0|value|other||");
    }
  }

  @Test
  void keepsTheOldTableWhenTheNewOneCannotBeOpened() throws Exception {
    Files.writeString(directory.resolve("table"), "old");
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      assertThat(client.ask(lookup(daemon.file(), "k"))).isEqualTo("status|0|value|old||");
      Files.delete(directory.resolve("table"));
      while (daemon.log.warnings().isEmpty()) {
        assertThat(client.ask(lookup(daemon.file(), "k"))).isEqualTo("status|0|value|old||");
      }
      assertThat(daemon.log.warnings())
          .containsExactly(
              "WARN "
                  + daemon.file()
                  + " has changed, but cannot be opened anew: open "
                  + directory
                  + "/table: No such file or directory; the table as it was stays in use");
      assertThat(client.ask(lookup(daemon.file(), "k"))).isEqualTo("status|0|value|old||");
    }
  }

  @Test
  void answersRetryUntilATableCanBeOpenedAndSaysSoOnce() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      assertThat(client.ask("request|open|table|" + daemon.file() + "|flags|524288||"))
          .isEqualTo("status|0|flags|1572896||");
      assertThat(client.ask("request|open|table|" + daemon.file() + "|instance_flags|0||"))
          .isEqualTo("status|0|flags|4194336||");
      assertThat(client.ask(lookup(daemon.file(), "k"))).isEqualTo("status|2|value|||");
      assertThat(client.ask(lookup(daemon.file(), "k"))).isEqualTo("status|2|value|||");
      assertThat(daemon.log.warnings())
          .containsExactly(
              "ERROR open " + directory + "/table: No such file or directory",
              "WARN "
                  + daemon.file()
                  + " is unavailable. open "
                  + directory
                  + "/table: No such file or directory");
      Files.writeString(directory.resolve("table"), "here");
      await(client, daemon.file(), "status|0|value|here||");
      daemon.log.await("INFO " + daemon.file() + " is available");
    }
  }

  @Test
  void aTypeThatNoDriverServesIsATableThatAnswersRetry() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      assertThat(client.ask("request|open|table|gone:x|flags|524288||"))
          .isEqualTo("status|0|flags|524320||");
      assertThat(client.ask("request|open|table|gone:x|instance_flags|524288||"))
          .isEqualTo("status|0|flags|4718624||");
      assertThat(client.ask(lookup("gone:x", "k"))).isEqualTo("status|2|value|||");
    }
  }

  @Test
  void closesATableThatIsReplacedWhenItsLastUseHasEnded() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory)) {
      try (RawClient client = daemon.client()) {
        assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
        assertThat(client.ask("request|sequence|table|echo:x|flags|0|function|0||"))
            .isEqualTo("status|0|key|a|value|v||");
        daemon.reconfigure("echo_parameter", "changed");
        while (daemon.log.lines().stream().noneMatch(line -> line.contains("opened anew"))) {
          assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
        }
        assertThat(client.ask("request|sequence|table|echo:x|flags|0|function|1||"))
            .as("a walk goes on through the table that it began in")
            .isEqualTo("status|0|key|b|value|v||");
        assertThat(daemon.tables.closed).hasValue(0);
      }
      try (RawClient other = daemon.client()) {
        while (daemon.tables.closed.get() < 1) {
          assertThat(other.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
        }
      }
    }
  }

  private static void await(RawClient client, String table, String answer) throws IOException {
    while (!client.ask(lookup(table, "k")).equals(answer)) {
      Thread.onSpinWait();
    }
  }
}
