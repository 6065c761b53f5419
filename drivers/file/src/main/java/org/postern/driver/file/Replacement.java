package org.postern.driver.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.postern.platform.libc.EffectiveUser;
import org.postern.platform.libc.LockableFile;
import org.postern.platform.libc.SystemCallException;

/**
 * A file that is written beside the one whose place it is to take: {@code NAME.postern-new}. One
 * process at a time writes it, others wait; what a killed one has left, the next one removes.
 */
public final class Replacement implements AutoCloseable {
  private static final String SUFFIX = ".postern-new";

  /** As Postfix makes its files. */
  private static final int MODE = 0644;

  private final Path path;
  private final Path fresh;
  private final LockableFile lock;
  private final FileChannel channel;
  private boolean committed;

  private Replacement(Path path, Path fresh, LockableFile lock, FileChannel channel) {
    this.path = path;
    this.fresh = fresh;
    this.lock = lock;
    this.channel = channel;
  }

  /**
   * Begins with an empty file.
   *
   * @param path of the file to replace, which need not be there; where this is a symbolic link, it
   *     is what it points to, unless root would follow the link of somebody else
   * @throws IOException in the C library's words
   */
  public static Replacement of(Path path) throws IOException {
    refuseStrangersLink(path);
    Path target = Files.exists(path) ? path.toRealPath() : path;
    Path fresh = Path.of(target + SUFFIX);
    try {
      return of(target, fresh);
    } catch (SystemCallException e) {
      String where =
          Files.exists(target) ? "cannot make " + fresh.getFileName() + " beside it: " : "";
      throw new IOException(where + e.getMessage(), e);
    }
  }

  /** Else its owner could have root replace any file. */
  private static void refuseStrangersLink(Path path) throws IOException {
    if (EffectiveUser.id() == 0 && Files.isSymbolicLink(path)) {
      int owner = (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
      if (owner != 0) {
        throw new IOException(
            "a symbolic link of user id " + owner + ", which root doesn't follow: remove it");
      }
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // what is returned owns the channel
  private static Replacement of(Path path, Path fresh) throws IOException, SystemCallException {
    while (true) {
      removeLeft(fresh);
      LockableFile lock;
      try {
        lock = LockableFile.create(fresh, MODE);
      } catch (SystemCallException e) {
        if (exists(fresh)) {
          continue;
        }
        throw e;
      }
      try {
        lock.lockExclusive();
        if (exists(fresh) && lock.isNamed(fresh)) {
          return new Replacement(
              path,
              fresh,
              lock,
              FileChannel.open(
                  fresh,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS));
        }
      } catch (IOException | SystemCallException | RuntimeException e) {
        lock.close();
        throw e;
      }
      lock.close();
    }
  }

  private static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Waits while another process is at such a file. If it is still there, that one was killed. */
  private static void removeLeft(Path fresh) throws IOException, SystemCallException {
    if (!exists(fresh)) {
      return;
    }
    try (LockableFile left = LockableFile.openCompanion(fresh, true, null)) {
      left.lockExclusive();
      if (left.isNamed(fresh)) {
        Files.deleteIfExists(fresh);
      }
    } catch (SystemCallException e) {
      if (exists(fresh)) {
        throw e;
      }
    }
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

  /** Puts the new file on disk and in the other's place. */
  public void commit() throws IOException {
    sync();
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    committed = true;
    Path directory = Objects.requireNonNull(path.toAbsolutePath().getParent());
    try (FileChannel names = FileChannel.open(directory)) {
      names.force(true);
    }
    lock.close();
  }

  /**
   * Gives the new file the owner, group and mode of the other one, if there is one: for files that
   * Postfix writes in place.
   */
  public void inherit() throws IOException {
    if (Files.notExists(path)) {
      return;
    }
    try (LockableFile replaced = LockableFile.open(path)) {
      lock.takeOwnerAndMode(replaced);
    } catch (SystemCallException e) {
      throw new IOException(
          "cannot have the owner, group and mode that it has: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    // Removed before it is closed, which can fail where the disk is full and far away (NFS).
    try (channel) {
      if (!committed && lock.isNamed(fresh)) {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException | SystemCallException e) {
      // The next one removes what is left.
    } finally {
      lock.close();
    }
  }
}
