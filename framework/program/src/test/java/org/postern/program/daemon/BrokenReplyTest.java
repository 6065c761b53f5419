package org.postern.program.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.testkit.wire.RawClient;

/** Whatever goes wrong while a reply is put together ends with that request. */
@Timeout(60)
class BrokenReplyTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"broken:memory", "broken:waiting"})
  void aReplyThatCannotBePutTogetherIsRetry(String table) throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client();
        RawClient other = daemon.client()) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.ask(lookup(table, "k" + i))).isEqualTo("status|2|value|||");
        assertThat(other.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      }
      assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo("status|0|value|k||");
      assertThat(daemon.log.warnings())
          .anySatisfy(line ->
              assertThat(line).startsWith("ERROR " + table + ": lookup error: internal error"));
      daemon.drain();
    }
  }

  @Test
  void repliesBeforeAndAfterItInOneWriteAreAnswered() throws Exception {
    try (RunningDaemon daemon = new RunningDaemon(directory);
        RawClient client = daemon.client()) {
      client.send(
          lookup("echo:x", "a")
              + lookup("broken:memory", "b")
              + lookup("broken:waiting", "c")
              + lookup("echo:x", "d"));
      assertThat(client.receive()).isEqualTo("status|0|value|a||");
      assertThat(client.receive()).isEqualTo("status|2|value|||");
      assertThat(client.receive()).isEqualTo("status|2|value|||");
      assertThat(client.receive()).isEqualTo("status|0|value|d||");
    }
  }
}
