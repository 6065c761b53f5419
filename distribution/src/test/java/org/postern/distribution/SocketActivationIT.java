package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Patience;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.wire.RawClient;

/** A service manager listens, and hands its sockets down when the first client comes. */
@Timeout(120)
class SocketActivationIT {
  private static final Path ACTIVATE = Path.of("/usr/bin/systemd-socket-activate");

  @TempDir Path directory;

  @Test
  void bothServicesAreAtTheSocketsThatWereHandedDown() throws Exception {
    Prerequisite.SOCKET_ACTIVATION.mustBeHere();
    Path queue = Files.createDirectories(directory.resolve("queue/private"));
    Path reading = queue.resolve("postern-proxymap");
    Path writing = queue.resolve("postern-proxywrite");
    Path config = Files.createDirectory(directory.resolve("conf"));
    String cache = "btree:" + directory + "/cache";
    Files.writeString(
        config.resolve("main.cf"),
        "mail_owner = %s\nqueue_directory = %s\nproxy_read_maps = proxy:inline:{{k=v}}\nproxy_write_maps = proxy:%s\n"
            .formatted(PosternProcess.OWNER, directory.resolve("queue"), cache));
    PosternProcess.mayChange(directory);
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(
                List.of(
                    ACTIVATE.toString(),
                    "-l",
                    writing.toString(),
                    "-l",
                    reading.toString(),
                    PosternProcess.COMMAND,
                    "serve",
                    "-c",
                    config.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      Patience.until(() -> Files.exists(reading) && Files.exists(writing) && isListening(reading));
      Object before = Files.getAttribute(reading, "unix:ino");
      try (RawClient client = RawClient.connect(reading)) {
        assertThat(client.ask(RawClient.lookup("inline:{{k=v}}", "k")))
            .as(Files.readString(log))
            .isEqualTo("status|0|value|v||");
      }
      try (RawClient client = RawClient.connect(writing)) {
        assertThat(client.ask("request|update|table|" + cache + "|flags|64|key|k|value|w||"))
            .startsWith("status|0|");
        assertThat(client.ask(RawClient.lookup(cache, "k"))).isEqualTo("status|0|value|w||");
      }
      process.destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(log)).isZero();
      assertThat(Files.getAttribute(reading, "unix:ino")).isEqualTo(before);
    } finally {
      process.destroyForcibly();
    }
  }

  /** As inetd(8) starts a program: {@code postern-proxymap -S}. */
  @Test
  void aClientMayBeStandardInput() throws Exception {
    Prerequisite.SOCKET_ACTIVATION.mustBeHere();
    Path socket = directory.resolve("socket");
    Path config = Files.createDirectory(directory.resolve("conf"));
    Files.writeString(config.resolve("main.cf"), "proxy_read_maps = proxy:inline:{{k=v}}\n");
    Path program = Path.of(PosternProcess.COMMAND).resolveSibling("../libexec/postern-proxymap");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    ACTIVATE.toString(),
                    "--accept",
                    "--inetd",
                    "-E",
                    "MAIL_CONFIG=" + config,
                    "-l",
                    socket.toString(),
                    program.toRealPath().toString(),
                    "-n",
                    "proxymap",
                    "-S",
                    "-V",
                    "-D",
                    "-o",
                    "debugger_command=echo debugging $process_name"))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile());
    Process process = builder.start();
    try {
      Patience.until(() -> Files.exists(socket) && isListening(socket));
      for (int i = 0; i < 2; i++) {
        try (RawClient client = RawClient.connect(socket)) {
          assertThat(client.ask(RawClient.lookup("inline:{{k=v}}", "k")))
              .as(Files.readString(directory.resolve("log")))
              .isEqualTo("status|0|value|v||");
        }
      }
      assertThat(directory.resolve("log")).content().contains("debugging proxymap\n");
      Patience.until(() -> process.descendants().findAny().isEmpty());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static boolean isListening(Path socket) {
    try (RawClient _ = RawClient.connect(socket)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
