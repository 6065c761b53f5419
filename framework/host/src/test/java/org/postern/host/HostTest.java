package org.postern.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.Configuration;
import org.postern.loader.DriverRegistry;
import org.postern.loader.Plugins;
import org.postern.spi.NotFound;
import org.postern.testkit.PluginFolder;
import org.postern.testkit.wire.RawClient;

class HostTest {
  @TempDir Path plugins;
  @TempDir Path queue;

  @Test
  void anyProgramServesTablesWithAConfigurationAPluginDirectoryAndASocket() throws Exception {
    PluginFolder.answering(plugins, "good", "good", "\"good\"");
    Configuration configuration =
        Configuration.of(
            Map.of(
                "queue_directory", queue.toString(),
                "postern_proxymap_socket", "read",
                "postern_proxywrite_socket", "",
                "proxy_read_maps", "proxy:good:x"));
    Host host = Host.start(configuration, Plugins.ofInstallation(plugins).drivers());
    try (RawClient client = RawClient.connect(queue.resolve("read"))) {
      assertThat(client.ask(lookup("good:x", "k"))).isEqualTo("status|0|value|good||");
      assertThat(client.ask(lookup("good:y", "k"))).isEqualTo("status|4|value|||");
    } finally {
      host.drain();
    }
  }

  /** A driver may have a journal beside a table while it is open. */
  @Test
  void tablesAreClosedWhenItHasEnded() throws Exception {
    MemoryTables watched = new MemoryTables("watched", _ -> NotFound.NOT_FOUND);
    Configuration configuration =
        Configuration.of(
            Map.of(
                "queue_directory", queue.toString(),
                "postern_proxymap_socket", "read",
                "postern_proxywrite_socket", "",
                "proxy_read_maps", "proxy:watched:x proxy:watched:y"));
    Host host = Host.start(configuration, new DriverRegistry(Map.of("watched", watched), Map.of()));
    try (RawClient client = RawClient.connect(queue.resolve("read"))) {
      client.ask(lookup("watched:x", "k"));
      client.ask(lookup("watched:y", "k"));
      assertThat(watched.open()).isEqualTo(2);
    } finally {
      host.drain();
    }
    assertThat(watched.open()).isZero();
  }
}
