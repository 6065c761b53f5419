package org.postern.driver.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** A file that is written beside the one whose place it is to take. */
public final class Replacement implements AutoCloseable {
  private static final String SUFFIX = ".postern-new-";

  /** As Postfix makes its files; the process's umask(2) takes from it. */
  private static final FileAttribute<Set<PosixFilePermission>> MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));

  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

  private final Path path;
  private final Path fresh;
  private final FileChannel channel;
  private boolean committed;

  private Replacement(Path path, Path fresh, FileChannel channel) {
    this.path = path;
    this.fresh = fresh;
    this.channel = channel;
  }

  /**
   * Begins with an empty file.
   *
   * @param path of the file to replace, which need not be there; where this is a symbolic link, it
   *     is what it points to
   */
  @SuppressWarnings("MustBeClosedChecker") // what is returned owns the channel
  public static Replacement of(Path path) throws IOException {
    Path target = Files.exists(path) ? path.toRealPath() : path;
    Path fresh = Path.of(target + SUFFIX + UUID.randomUUID());
    return new Replacement(target, fresh, FileChannel.open(fresh, OPTIONS, MODE));
  }

  /** The name that the new file has until it takes the other's place. */
  public Path fresh() {
    return fresh;
  }

  /** The new file, for reading and writing. */
  public FileChannel channel() {
    return channel;
  }

  /** Waits until what was written is on disk. */
  public void sync() throws IOException {
    channel.force(true);
  }

  /** Puts the new file on disk and in the other's place, whose owner, group and mode it gets. */
  public void commit() throws IOException {
    inherit();
    sync();
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    committed = true;
    Path directory = Objects.requireNonNull(path.toAbsolutePath().getParent());
    try (FileChannel names = FileChannel.open(directory)) {
      names.force(true);
    }
  }

  private void inherit() throws IOException {
    if (Files.notExists(path)) {
      return;
    }
    // The owner before the mode: chown(2) may take bits from it.
    for (String attribute : List.of("unix:uid", "unix:gid", "unix:mode")) {
      Object value = Files.getAttribute(path, attribute);
      if (!Objects.equals(value, Files.getAttribute(fresh, attribute))) {
        Files.setAttribute(fresh, attribute, value);
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
      if (!committed) {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      // What is left is used by nobody.
    }
  }
}
