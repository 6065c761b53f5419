package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.wire.Bystander;
import org.postern.testkit.wire.RawClient;

/** Files without an end, opened at one time by a server with the heap that it has by default. */
@Tag("alone")
@Timeout(value = 150, unit = TimeUnit.SECONDS)
class OversizedTablesIT {
  private static final int FILES = 8;

  @TempDir Path directory;

  @Test
  void filesThatTogetherDoNotFitIntoTheHeapHarmNobodyElse() throws Exception {
    List<String> tables = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      Path link = directory.resolve("endless" + i);
      Files.createSymbolicLink(link, Path.of("/dev/zero"));
      tables.add("texthash:" + link);
    }
    String small = "texthash:" + Files.writeString(directory.resolve("table"), "small value\n");
    Files.writeString(
        directory.resolve("main.cf"),
        """
        queue_directory = %s
        data_directory = %<s
        proxy_read_maps = proxy:%s proxy:%s
        postern_proxymap_socket = read
        postern_proxywrite_socket =
        """
            .formatted(directory, small, String.join(" proxy:", tables)));
    PosternProcess.mayChange(directory);
    Path socket = directory.resolve("read");
    try (PosternProcess postern = PosternProcess.serve(directory)) {
      try (Bystander other = new Bystander(socket, small, "small", "value")) {
        List<RawClient> clients = new ArrayList<>();
        for (String table : tables) {
          RawClient client = RawClient.connect(socket);
          clients.add(client);
          client.send(lookup(table, "key"));
        }
        for (RawClient client : clients) {
          assertThat(client.receive()).startsWith("status|2|");
          client.close();
        }
        other.p99();
      }
      assertThat(postern.log()).contains("table too large").doesNotContain("OutOfMemoryError");
    }
  }
}
