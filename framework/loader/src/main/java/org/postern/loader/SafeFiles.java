package org.postern.loader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.postern.platform.libc.ProcessIdentity;

/** Refuses files that somebody else than root or the daemon's user could have written. */
final class SafeFiles {
  private static final int OTHERS_MAY_WRITE = 0022;
  private static final int STICKY = 01000;

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

  /**
   * Checks a folder and all that it is in: who may write there may put another in its place. In a
   * folder with the sticky bit others cannot.
   */
  static void checkWithAncestors(Path folder) throws IOException, PluginUnusableException {
    checkOne(folder);
    Path named = folder.toAbsolutePath().normalize();
    for (Path path : List.of(named, folder.toRealPath())) {
      for (Path above = path.getParent(); above != null; above = above.getParent()) {
        checkAbove(above);
      }
    }
    for (Path link = named; link != null; link = link.getParent()) {
      if (Files.isSymbolicLink(link)) {
        checkOwner(link, Files.readAttributes(link, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS));
      }
    }
  }

  private static void checkAbove(Path folder) throws IOException, PluginUnusableException {
    Map<String, Object> attributes = Files.readAttributes(folder, "unix:uid,mode");
    checkOwner(folder, attributes);
    int mode = (int) Objects.requireNonNull(attributes.get("mode"));
    if ((mode & OTHERS_MAY_WRITE) != 0 && (mode & STICKY) == 0) {
      throw new PluginUnusableException(
          new PluginProblem(
              folder,
              "is above a plugin directory and can be written by group or others",
              "run: chmod go-w " + folder + ", or keep plugins elsewhere"));
    }
  }

  /** Checks one file or folder, not what is in it. */
  static void checkOne(Path file) throws IOException, PluginUnusableException {
    Map<String, Object> attributes = Files.readAttributes(file, "unix:uid,mode");
    checkOwner(file, attributes);
    int mode = (int) Objects.requireNonNull(attributes.get("mode"));
    if ((mode & OTHERS_MAY_WRITE) != 0) {
      throw new PluginUnusableException(
          new PluginProblem(file, "can be written by group or others", "run: chmod go-w " + file));
    }
  }

  private static void checkOwner(Path file, Map<String, Object> attributes)
      throws PluginUnusableException {
    int owner = (int) Objects.requireNonNull(attributes.get("uid"));
    if (owner != 0 && owner != ProcessIdentity.user()) {
      throw new PluginUnusableException(
          new PluginProblem(
              file,
              "is owned by user id " + owner + ", not by root or the user who runs Postern",
              "if you trust it, run: chown root " + file));
    }
  }
}
