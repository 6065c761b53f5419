package org.postern.host.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.postern.host.libc.ProcessIdentity;

/** Refuses files that somebody else than root or the daemon's user could have written. */
final class SafeFiles {
  private static final int OTHERS_MAY_WRITE = 0022;

  private SafeFiles() {}

  /** Checks a file, or a folder with all that is in it; symbolic links are followed. */
  static void check(Path root) throws PluginUnusableException {
    try (Stream<Path> files = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        checkOne(file);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new PluginUnusableException(
          new PluginProblem(root, "cannot be read: " + e.getMessage(), "check its permissions"));
    }
  }

  /** Checks one file or folder, not what is in it. */
  static void checkOne(Path file) throws IOException, PluginUnusableException {
    Map<String, Object> attributes = Files.readAttributes(file, "unix:uid,mode");
    int owner = (int) Objects.requireNonNull(attributes.get("uid"));
    int mode = (int) Objects.requireNonNull(attributes.get("mode"));
    if (owner != 0 && owner != ProcessIdentity.user()) {
      throw new PluginUnusableException(
          new PluginProblem(
              file,
              "is owned by user id " + owner + ", not by root or the user who runs Postern",
              "if you trust it, run: chown root " + file));
    }
    if ((mode & OTHERS_MAY_WRITE) != 0) {
      throw new PluginUnusableException(
          new PluginProblem(file, "can be written by group or others", "run: chmod go-w " + file));
    }
  }
}
