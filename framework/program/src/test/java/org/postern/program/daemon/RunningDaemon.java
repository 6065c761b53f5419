package org.postern.program.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.postern.config.Configuration;
import org.postern.operations.status.StatusReport;
import org.postern.testkit.LogLines;
import org.postern.testkit.wire.RawClient;

/** A daemon on sockets in a directory of the test, with the {@link TestTables}. */
final class RunningDaemon implements AutoCloseable {
  final TestTables tables = new TestTables();
  final LogLines log = new LogLines();
  final Path socket;
  final Path writeSocket;

  private final Path directory;
  private final Map<String, String> settings = new HashMap<>();
  private final Daemon daemon;
  private boolean drained;

  /**
   * @param more parameters, name and value in turn
   */
  RunningDaemon(Path directory, String... more) throws IOException {
    this.directory = directory;
    settings.put("queue_directory", directory.toString());
    settings.put("compatibility_level", "3.6");
    settings.put("postern_proxymap_socket", "read");
    settings.put("postern_proxywrite_socket", "write");
    settings.put(
        "proxy_read_maps",
        "proxy:echo:x proxy:slow:x proxy:unsaid:x proxy:broken:memory proxy:broken:waiting proxy:gone:x proxy:%s proxy:pair:%<s proxy:named:%s/table"
            .formatted(file(), directory));
    settings.put("proxy_write_maps", "proxy:echo:x");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    this.daemon = Daemon.start(Configuration.of(settings), tables.drivers());
    this.socket = directory.resolve("read");
    this.writeSocket = directory.resolve("write");
  }

  RawClient client() throws IOException {
    return RawClient.connect(socket);
  }

  String file() {
    return "file:" + directory + "/table";
  }

  void reconfigure(String name, String value) {
    settings.put(name, value);
    daemon.reload(() -> Configuration.of(settings), false);
  }

  void reload(String name, String value) {
    settings.put(name, value);
    daemon.reload(() -> Configuration.of(settings), false);
  }

  /** Has something done on every event loop, without waiting for that. */
  void onLoop(Runnable action) {
    daemon.afterTurn(action);
  }

  Daemon daemon() {
    return daemon;
  }

  Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  StatusReport status() {
    return daemon.status();
  }

  void drain() throws InterruptedException {
    drained = true;
    daemon.drain();
  }

  @Override
  public void close() {
    tables.gate.release(1_000_000);
    try {
      if (!drained) {
        drain();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log.close();
  }
}
