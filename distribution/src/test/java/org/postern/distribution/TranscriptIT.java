package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.testkit.wire.RawClient;

/**
 * Postern gives the replies that real servers gave: Postfix 3.7.11 in the old dialect, 3.12 in the
 * new one. {@link DifferentialIT} recorded them; this test needs no Postfix.
 */
@Timeout(60)
class TranscriptIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"OLD.txt", "NEW.txt"})
  void repliesAreThoseOfPostfix(String name) throws Exception {
    SampleTables tables = new SampleTables(directory);
    Path config = Files.createDirectories(directory.resolve("conf"));
    Path queue = Files.createDirectories(directory.resolve("queue/private")).getParent();
    Files.writeString(
        config.resolve("main.cf"),
        """
        compatibility_level = 3.6
        queue_directory = %s
        proxy_read_maps = %s
        """
            .formatted(queue, tables.approving()));
    PosternProcess.mayChange(directory);
    List<String> differences = new ArrayList<>();
    Transcript transcript = Transcript.read(name, directory.toString());
    try (PosternProcess postern = PosternProcess.serve(config);
        RawClient client = RawClient.connect(directory.resolve("queue/private/postern-proxymap"))) {
      for (Transcript.Exchange exchange : transcript.exchanges()) {
        String reply = client.ask(exchange.request());
        if (!reply.equals(exchange.reply())) {
          differences.add(
              "%s%n expected %s%n but was  %s"
                  .formatted(exchange.request(), exchange.reply(), Transcript.escape(reply)));
        }
      }
      assertThat(postern.log()).doesNotContain("panic", "fatal");
    }
    assertThat(differences).isEmpty();
    assertThat(transcript.exchanges()).hasSizeGreaterThan(500);
  }
}
