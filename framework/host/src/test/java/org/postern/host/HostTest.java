package org.postern.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.Configuration;
import org.postern.host.approval.Service;
import org.postern.host.table.OpenTable;
import org.postern.loader.DriverRegistry;
import org.postern.loader.Plugins;
import org.postern.spi.NotFound;
import org.postern.spi.Table;
import org.postern.spi.TableOpening;
import org.postern.testkit.Patience;
import org.postern.testkit.PluginFolder;
import org.postern.testkit.wire.RawClient;

class HostTest {
  @TempDir Path plugins;
  @TempDir Path queue;

  private final CountDownLatch mayOpen = new CountDownLatch(1);
  private final MemoryTables watched =
      new MemoryTables("watched", _ -> NotFound.NOT_FOUND) {
        @Override
        public Table open(TableOpening of) {
          awaitUninterruptibly(mayOpen);
          return super.open(of);
        }
      };

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
    Host host = watching("proxy:watched:x proxy:watched:y");
    mayOpen.countDown();
    try (RawClient client = RawClient.connect(queue.resolve("read"))) {
      client.ask(lookup("watched:x", "k"));
      client.ask(lookup("watched:y", "k"));
      assertThat(watched.open()).isEqualTo(2);
    } finally {
      host.drain();
    }
    assertThat(watched.open()).isZero();
  }

  @Test
  void aTableIsClosedThatWhoeverOpenedItIsStillTellingOthersOf() throws Exception {
    Host host = watching("proxy:watched:x");
    CountDownLatch told = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    OpenTable table = host.service(Service.PROXYMAP).orElseThrow().tables().get("watched:x", 0);
    assertThat(
            table.whenSettled(() -> {
              told.countDown();
              awaitUninterruptibly(ended);
            }))
        .isTrue();
    mayOpen.countDown();
    told.await();
    assertThat(watched.open()).isEqualTo(1);
    host.drain();
    assertThat(watched.open()).isZero();
    ended.countDown();
  }

  @Test
  void aTableThatIsOpenOnlyWhenTheHostHasEndedIsClosed() throws Exception {
    Host host = watching("proxy:watched:x");
    OpenTable table = host.service(Service.PROXYMAP).orElseThrow().tables().get("watched:x", 0);
    CountDownLatch told = new CountDownLatch(1);
    table.whenSettled(told::countDown);
    host.drain();
    mayOpen.countDown();
    Patience.until(() -> told.getCount() == 0);
    assertThat(watched.open()).isZero();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Host watching(String approved) throws Exception {
    Configuration configuration =
        Configuration.of(
            Map.of(
                "queue_directory",
                queue.toString(),
                "postern_proxymap_socket",
                "read",
                "postern_proxywrite_socket",
                "",
                "proxy_read_maps",
                approved));
    return Host.start(configuration, new DriverRegistry(Map.of("watched", watched), Map.of()));
  }
}
