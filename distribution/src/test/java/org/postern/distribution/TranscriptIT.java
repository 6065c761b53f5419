package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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
    Differences differences = new Differences();
    Transcript transcript = Transcript.read(name, directory.toString());
    try (PosternProcess postern = PosternProcess.serve(config);
        RawClient client = RawClient.connect(directory.resolve("queue/private/postern-proxymap"))) {
      for (Transcript.Exchange exchange : transcript.exchanges()) {
        differences.compare(exchange.request(), exchange.reply(), client.ask(exchange.request()));
      }
      assertThat(postern.log()).doesNotContain("panic", "fatal");
    }
    differences.assertNone(500);
  }
}
