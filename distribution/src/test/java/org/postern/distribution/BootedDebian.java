package org.postern.distribution;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.postern.testkit.Patience;

/**
 * A Debian in a folder, started by its own systemd: apart from this machine, also from its network.
 */
final class BootedDebian implements AutoCloseable {
  private final Process container;
  private final long leader;

  private BootedDebian(Process container, long leader) {
    this.container = container;
    this.leader = leader;
  }

  /** Starts it, and waits until it is up. */
  static BootedDebian boot(DebianRoot debian) throws Exception {
    Process container =
        new ProcessBuilder(
                "systemd-nspawn",
                "--quiet",
                "--directory=" + debian.path(),
                // This machine need not have a systemd.
                "--register=no",
                "--keep-unit",
                "--private-network",
                "--boot")
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target/debian-boot.log").toFile())
            .start();
    Patience.until(() -> systemd(container).isPresent() || !container.isAlive());
    BootedDebian booted =
        new BootedDebian(
            container,
            systemd(container)
                .orElseThrow(() -> new IOException("see target/debian-boot.log"))
                .pid());
    booted.run("sh", "-c", "until systemctl is-system-running --wait; do sleep 0.2; done");
    return booted;
  }

  private static Optional<ProcessHandle> systemd(Process container) {
    return container
        .children()
        .filter(
            child -> child.info().command().filter(name -> name.endsWith("/systemd")).isPresent())
        .findFirst();
  }

  /** Runs a command in it, which must succeed; what it prints. */
  String run(String... command) throws Exception {
    List<String> enter =
        List.of(
            "nsenter",
            "--target",
            Long.toString(leader),
            "--all",
            "--root",
            "--wd",
            "env",
            "-i",
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin");
    return DebianRoot.execute(Stream.concat(enter.stream(), Stream.of(command)).toList());
  }

  /** Has it shut down. */
  @Override
  public void close() {
    container.destroy();
    container.onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(_ -> container).join();
    container.destroyForcibly();
    container.onExit().join();
  }
}
