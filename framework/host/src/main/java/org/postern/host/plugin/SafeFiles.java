package org.postern.host.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

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
    int owner = (int) Files.getAttribute(file, "unix:uid");
    int mode = (int) Files.getAttribute(file, "unix:mode");
    int self = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (owner != 0 && owner != self) {
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
