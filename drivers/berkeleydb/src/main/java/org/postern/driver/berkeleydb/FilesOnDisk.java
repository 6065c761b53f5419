package org.postern.driver.berkeleydb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postern.driver.berkeleydb.libc.LockableFile;
import org.postern.driver.berkeleydb.libc.StoredFile;
import org.postern.driver.berkeleydb.libc.SystemCallException;
import org.postern.driver.file.FileTrouble;
import org.postern.driver.file.Replacement;

/**
 * The files of a table in their directory.
 *
 * @param path of the table
 */
record FilesOnDisk(Path path, LockableFile table) implements TableFiles {
  private static final String JOURNAL = ".postern-journal";

  static Path journalOf(Path path) {
    return Path.of(path + JOURNAL);
  }

  @Override
  public @Nullable StoredFile openJournal() throws SystemCallException {
    Path journal = journalOf(path);
    return Files.exists(journal, LinkOption.NOFOLLOW_LINKS) ? LockableFile.open(journal) : null;
  }

  @Override
  public StoredFile createJournal() throws SystemCallException {
    Path journal = journalOf(path);
    boolean isNew = !Files.exists(journal, LinkOption.NOFOLLOW_LINKS);
    LockableFile file = LockableFile.create(journal);
    if (isNew) {
      try (LockableFile directory =
          LockableFile.open(Objects.requireNonNull(journal.toAbsolutePath().getParent()))) {
        Files.setPosixFilePermissions(journal, Files.getPosixFilePermissions(path));
        directory.sync();
      } catch (SystemCallException e) {
        file.close();
        throw e;
      } catch (IOException e) {
        file.close();
        throw new SystemCallException(FileTrouble.words(e));
      }
    }
    return file;
  }

  /** Removes the journal once it is not needed. The table is exclusively locked. */
  void removeJournal() throws SystemCallException {
    Journal.playBack(this);
    try {
      Files.deleteIfExists(journalOf(path));
    } catch (IOException e) {
      throw new SystemCallException(FileTrouble.words(e));
    }
  }

  /**
   * Puts another file in a table's place, if there is one. Waits until nobody reads or writes it.
   *
   * @param path of the table
   */
  static void replace(Path path, Replacement replacement) throws IOException, SystemCallException {
    if (Files.notExists(path)) {
      replacement.commit();
      return;
    }
    try (LockableFile table = LockableFile.openForWriting(path)) {
      table.lockExclusive();
      new FilesOnDisk(path, table).removeJournal();
      replacement.commit();
    }
  }

  /**
   * Locks a table for reading. A change of it that was not finished is undone before.
   *
   * @param table open for reading at least
   */
  static void lockShared(Path path, LockableFile table) throws SystemCallException {
    table.lockShared();
    while (Journal.isPending(new FilesOnDisk(path, table))) {
      table.unlock();
      try (LockableFile writable = LockableFile.openForWriting(path)) {
        writable.lockExclusive();
        Journal.playBack(new FilesOnDisk(path, writable));
      }
      table.lockShared();
    }
  }
}
