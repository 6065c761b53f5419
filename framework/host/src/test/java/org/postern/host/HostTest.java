package org.postern.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.Configuration;
import org.postern.loader.DriverRegistry;
import org.postern.loader.Plugins;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
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

  /** Answers from memory, and knows whether it is open. */
  private static final class Watched implements TableDriver, Table {
    private final AtomicInteger open = new AtomicInteger();

    @Override
    public Set<String> maptypes() {
      return Set.of("watched");
    }

    @Override
    public Table open(TableOpening opening) {
      open.incrementAndGet();
      return this;
    }

    @Override
    public int flags() {
      return TableFlags.FIXED;
    }

    @Override
    public boolean answersFromMemory() {
      return true;
    }

    @Override
    public LookupResult lookup(byte[] key, int flags) {
      return NotFound.NOT_FOUND;
    }

    @Override
    public void close() {
      open.decrementAndGet();
    }
  }

  /** A driver may have a journal beside a table while it is open. */
  @Test
  void tablesAreClosedWhenItHasEnded() throws Exception {
    Watched watched = new Watched();
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
      assertThat(watched.open).hasValue(2);
    } finally {
      host.drain();
    }
    assertThat(watched.open).hasValue(0);
  }
}
