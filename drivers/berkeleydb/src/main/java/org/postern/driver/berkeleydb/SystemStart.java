package org.postern.driver.berkeleydb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Tells whether the system was started since: random(4). */
final class SystemStart {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** Where that cannot be known, it counts as started for each process. */
  static final UUID ID = read();

  private SystemStart() {}

  /** Finds out, while the kernel's files can be read. */
  static void load() {
    // The class is initialized by that.
  }

  private static UUID read() {
    try {
      return UUID.fromString(Files.readString(BOOT_ID).strip());
    } catch (IOException | IllegalArgumentException e) {
      return UUID.randomUUID();
    }
  }
}
