package org.postern.testservers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

/** Where test servers have their files. */
final class ServerFiles {
  private ServerFiles() {}

  /** A directory for one server, that others may go through, to its socket. */
  static Path makeDirectory(String name) throws IOException {
    Path made = Files.createTempDirectory(name);
    return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwx--x--x"));
  }

  /** Closes a server at the end of Java. */
  static Thread closing(AutoCloseable server) {
    return new Thread(() -> {
      try {
        server.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });
  }

  /** Deletes a server's directory when the server has ended. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (NoSuchFileException _) {
      // It has been deleted before: a server may be closed twice.
    }
  }

  /**
   * Where programs are unpacked, once for all runs of a user. Not in the directory for temporary
   * files: what somebody else has put there is not to be run.
   */
  static Path programs(String name) throws IOException {
    String cache = Objects.requireNonNullElse(System.getenv("XDG_CACHE_HOME"), "");
    Path base =
        cache.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
    return Files.createDirectories(base.resolve("postern-test-servers").resolve(name));
  }
}
