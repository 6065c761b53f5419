package org.postern.program.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postern.testkit.wire.RawClient.lookup;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.platform.socket.SocketInUseException;
import org.postern.testkit.wire.RawClient;

@Timeout(60)
class DaemonTest {
  @TempDir Path directory;

  @Test
  void answersSeveralRequestsOfOneWriteInOrderEachInItsOwnDialect() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      client.send(
          lookup("echo:x", "one")
              + "request|lookup|table|echo:x|instance_flags|0|flags|16|key|two||"
              + lookup("echo:x", "none")
              + "request|open|table|echo:x|flags|64||");
      assertThat(client.receive()).isEqualTo("status|0|value|one||");
      assertThat(client.receive()).isEqualTo("status|0|flags|16|value|two||");
      assertThat(client.receive()).isEqualTo("status|1|value|||");
      assertThat(client.receive()).isEqualTo("status|0|flags|80||");
    }
  }

  @Test
  void repliesOfWorkersAndOfTheLoopComeInTheOrderOfTheirRequests() throws Exception {
    Random random = new Random(11);
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      int replies = 1000;
      daemon.tables.gate.release(replies);
      StringBuilder requests = new StringBuilder();
      int asked = 0;
      for (int answered = 0; answered < replies; answered++) {
        // Between one request that waits for its reply, and many in one write.
        while (asked < replies && (asked == answered || random.nextInt(4) == 0)) {
          String key = asked + "k".repeat(random.nextInt(400) == 0 ? 300_000 : 1);
          requests.append(lookup(random.nextBoolean() ? "slow:x" : "echo:x", key));
          asked++;
        }
        client.send(requests.toString());
        requests.setLength(0);
        assertThat(client.receive()).startsWith("status|0|value|" + answered + "k");
      }
    }
  }

  @Test
  void greetsOnlyIfItShould() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory, "postern_announce_protocol", "no");
        RawClient client = RawClient.silent(daemon.socket)) {
      assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
    }
  }

  @Test
  void deniesWhatIsNotApprovedAndSaysHowToApproveIt() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      assertThat(client.ask(lookup("echo:other", "k"))).isEqualTo("status|4|value|||");
      assertThat(client.ask("request|lookup|table|echo:other|instance_flags|1|flags|1|key|k||"))
          .isEqualTo("status|4|flags|0|value|||");
      assertThat(client.ask("request|open|table|echo:|flags|0||")).isEqualTo("status|4|flags|0||");
      assertThat(client.ask("request|sequence|table|echo:y|flags|0|function|0||"))
          .isEqualTo("status|4|key||value|||");
      assertThat(daemon.tables.opened).as("nothing is opened before approval").hasValue(0);
      assertThat(daemon.log.warnings())
          .startsWith(
              "WARN request for unapproved table: \"echo:other\"",
              "WARN to approve this table for read-only access, list proxy:echo:other in"
                  + " -o proxy_read_maps=");
    }
  }

  @Test
  void stripsProxyFromATableName() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      assertThat(client.ask(lookup("proxy:proxy:echo:x", "k"))).isEqualTo("status|0|value|k||");
    }
  }

  @Test
  void answersWhatIsNoRequestAndStaysInStep() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      assertThat(client.ask("|")).isEqualTo("status|3||");
      assertThat(client.ask("table|echo:x||")).isEqualTo("status|3||");
      assertThat(client.ask("request|bogus||")).isEqualTo("status|3||");
      assertThat(client.ask("request|lookup|table|echo:x|flags|x|key|k||"))
          .isEqualTo("status|3|value|||");
      assertThat(client.ask(lookup("nocolon", "k"))).isEqualTo("status|3|value|||");
      assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
    }
  }

  @Test
  void changesTablesOnTheReadWriteServiceOnly() throws Exception {
    String update = "request|update|table|echo:x|flags|0|key|k|value|v||";
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient reader = daemon.client();
        RawClient writer = RawClient.connect(daemon.writeSocket)) {
      assertThat(reader.ask(update)).isEqualTo("status|4||");
      assertThat(reader.ask("request|delete|table|echo:y|instance_flags|1|flags|1|key|k||"))
          .isEqualTo("status|4|flags|0||");
      assertThat(daemon.log.warnings())
          .first()
          .isEqualTo("WARN refusing echo:x update request on non-proxywrite service");
      assertThat(writer.ask(update)).isEqualTo("status|0||");
      assertThat(
              writer.ask("request|update|table|echo:x|instance_flags|0|flags|64|key|k|value|v||"))
          .isEqualTo("status|0|flags|448||");
      assertThat(writer.ask("request|delete|table|echo:x|flags|0|key|k||")).isEqualTo("status|2||");
      assertThat(writer.ask(lookup("file:x", "k")))
          .as("its own list")
          .isEqualTo("status|4|value|||");
    }
  }

  @Test
  void walksEachClientByItself() throws Exception {
    String next = "request|sequence|table|echo:x|flags|0|function|1||";
    String first = "request|sequence|table|echo:x|flags|0|function|0||";
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient one = daemon.client();
        RawClient other = daemon.client()) {
      assertThat(one.ask(next)).as("next without first").isEqualTo("status|1|key||value|||");
      assertThat(one.ask(first)).isEqualTo("status|0|key|a|value|v||");
      assertThat(other.ask(first)).isEqualTo("status|0|key|a|value|v||");
      assertThat(one.ask(next)).isEqualTo("status|0|key|b|value|v||");
      assertThat(one.ask(next)).isEqualTo("status|0|key|c|value|v||");
      assertThat(one.ask(next)).isEqualTo("status|1|key||value|||");
      assertThat(one.ask(next)).isEqualTo("status|1|key||value|||");
      assertThat(other.ask(next)).isEqualTo("status|0|key|b|value|v||");
      Files.writeString(directory.resolve("table"), "x");
      assertThat(one.ask("request|sequence|table|" + daemon.file() + "|flags|0|function|0||"))
          .as("a type that cannot be walked")
          .isEqualTo("status|2|key||value|||");
      assertThat(one.ask("request|sequence|table|" + daemon.file() + "|flags|0|function|0||"))
          .isEqualTo("status|2|key||value|||");
      assertThat(daemon.log.warnings())
          .as("logged once")
          .containsExactly(
              "WARN " + daemon.file() + ": sequence error: this table type cannot be walked");
    }
  }

  @Test
  void checksUtf8AndFoldsCaseAsTheFlagsAsk() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      assertThat(client.ask("request|lookup|table|echo:x|flags|16384|key|KEY||"))
          .isEqualTo("status|0|value|key||");
      assertThat(client.ask("request|lookup|table|echo:x|flags|32768|key|KEY||"))
          .as("fold_mul is for patterns")
          .isEqualTo("status|0|value|KEY||");
      assertThat(client.ask("request|lookup|table|echo:x|flags|524288|key|\u00e4||"))
          .as("not UTF-8")
          .isEqualTo("status|1|value|||");
      assertThat(client.ask("request|lookup|table|echo:x|flags|0|key|\u00e4||"))
          .isEqualTo("status|0|value|\u00e4||");
      assertThat(client.ask("request|lookup|table|echo:x|flags|524288|key|latin1||"))
          .as("a value that is not UTF-8")
          .isEqualTo("status|5|value|||");
      assertThat(
              client.ask(
                  "request|lookup|table|echo:x|instance_flags|540672|flags|1589264|key|\u00c3\u0084||"))
          .isEqualTo("status|0|flags|1589264|value|\u00c3\u00a4||");
    }
  }

  @Test
  void answersWhatWasAskedBeforeAClientEndedItsOutput() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      client.send(lookup("slow:x", "late") + lookup("echo:x", "k"));
      client.endOutput();
      daemon.tables.gate.release();
      assertThat(client.receive()).isEqualTo("status|0|value|late||");
      assertThat(client.receive()).isEqualTo("status|0|value|k||");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void logsATablesTroubleOnceAndItsEnd() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      for (int i = 0; i < 5; i++) {
        assertThat(client.ask(lookup("echo:x", "trouble"))).isEqualTo("status|2|value|||");
      }
      assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      assertThat(daemon.log.lines())
          .contains(
              "WARN echo:x: lookup error: no answer today", "INFO echo:x: lookup works again");
      assertThat(daemon.log.warnings()).hasSize(1);
    }
  }

  @Test
  void drainsByAnsweringWhatIsInHandAndRemovesItsSockets() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient busy = daemon.client();
        RawClient idle = daemon.client()) {
      assertThat(idle.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      busy.send(lookup("slow:x", "k"));
      Thread draining =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  daemon.drain();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      assertThat(idle.isClosedByServer()).isTrue();
      daemon.tables.gate.release();
      assertThat(busy.receive()).isEqualTo("status|0|value|k||");
      assertThat(busy.isClosedByServer()).isTrue();
      draining.join();
      assertThat(directory.resolve("read")).doesNotExist();
      assertThat(directory.resolve("write")).doesNotExist();
    }
  }

  @Test
  void refusesASocketThatAnotherServerListensOn() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      assertThatThrownBy(() -> new RunningDaemon(directory))
          .isInstanceOf(SocketInUseException.class)
          .hasMessageContaining(directory + "/read: another server listens there");
      assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
    }
  }

  @Test
  void replacesASocketFileThatNobodyListensOnAndLetsEverybodyConnect() throws Exception {
    try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(directory.resolve("read")));
    }
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(daemon.socket)))
          .isEqualTo("rw-rw-rw-");
    }
  }

  @Test
  void refusesToReplaceAFileThatIsNoSocket() throws Exception {
    Files.writeString(directory.resolve("read"), "precious");
    assertThatThrownBy(() -> new RunningDaemon(directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a regular file is in the way");
    assertThat(directory.resolve("read")).hasContent("precious");
  }

  @Test
  void goesByAChangedConfigurationWithoutLosingAClient() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      daemon.reconfigure("proxy_read_maps", "proxy:echo:y");
      assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo("status|4|value|||");
      assertThat(client.ask(lookup("echo:y", "k"))).isEqualTo("status|0|value|k||");
    }
  }
}
