package org.postern.driver.berkeleydb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.Replacement;
import org.postern.platform.libc.LockableFile;
import org.postern.platform.libc.StoredFile;
import org.postern.platform.libc.SystemCallException;
import org.postern.platform.text.FileTrouble;

/**
 * The files of a table in their directory, and the table's lock. Used by one thread at a time: the
 * lock is one for all threads.
 */
final class FilesOnDisk implements TableFiles, AutoCloseable {
  private static final String JOURNAL = ".postern-journal";

  private final Path path;
  private final boolean writable;
  private final Journal journal = new Journal(this);
  private LockableFile table;
  private @Nullable LockableFile openJournal;

  private FilesOnDisk(Path path, boolean writable) throws SystemCallException {
    this.path = path;
    this.writable = writable;
    this.table = open(path, writable);
  }

  /** Opens a table that is there, for reading. */
  static FilesOnDisk open(Path path) throws SystemCallException {
    return new FilesOnDisk(path, false);
  }

  /** Opens a table that is there, for reading and writing. */
  static FilesOnDisk openForWriting(Path path) throws SystemCallException {
    return new FilesOnDisk(path, true);
  }

  private static LockableFile open(Path path, boolean writable) throws SystemCallException {
    return writable ? LockableFile.openForWriting(path) : LockableFile.open(path);
  }

  static Path journalOf(Path path) {
    return Path.of(path + JOURNAL);
  }

  Journal journal() {
    return journal;
  }

  @Override
  public LockableFile table() {
    return table;
  }

  @Override
  public UUID systemStart() {
    return SystemStart.ID;
  }

  /** Locks the table for reading. A change of it that was not finished is finished before. */
  void lockShared() throws SystemCallException {
    table.lockShared();
    forgetRemovedJournal();
    while (isReplaced() || journal.isPending()) {
      table.unlock();
      if (isReplaced()) {
        reopen();
      } else {
        finish();
      }
      table.lockShared();
    }
  }

  private void finish() throws SystemCallException {
    try (FilesOnDisk writing = openForWriting(path)) {
      writing.lockExclusive();
      writing.journal.recover();
    }
  }

  /** Locks the table for writing. */
  void lockExclusive() throws SystemCallException {
    table.lockExclusive();
    while (isReplaced()) {
      reopen();
      table.lockExclusive();
    }
    forgetRemovedJournal();
  }

  void unlock() throws SystemCallException {
    table.unlock();
  }

  /** Whether a change would go into a file that has lost its name to another one. */
  private boolean isReplaced() throws SystemCallException {
    return writable && !table.isAt(path);
  }

  private void reopen() throws SystemCallException {
    LockableFile replaced = table;
    table = open(path, writable);
    replaced.close();
  }

  @Override
  public @Nullable StoredFile openJournal() throws SystemCallException {
    if (openJournal == null) {
      Path name = journalOf(path);
      if (Files.exists(name, LinkOption.NOFOLLOW_LINKS)) {
        openJournal = LockableFile.openCompanion(name, writable, table);
      }
    }
    return openJournal;
  }

  @Override
  public StoredFile createJournal() throws SystemCallException {
    StoredFile opened = openJournal();
    if (opened != null) {
      return opened;
    }
    LockableFile created = LockableFile.create(journalOf(path));
    openJournal = created;
    try (LockableFile directory =
        LockableFile.open(Objects.requireNonNull(path.toAbsolutePath().getParent()))) {
      created.takeMode(table);
      directory.sync();
    }
    return created;
  }

  /** Removes the journal once it is not needed. The table is exclusively locked. */
  void removeJournal() throws SystemCallException {
    journal.empty();
    LockableFile own = openJournal;
    try {
      if (own != null && !own.isRemoved() && own.isNamed(journalOf(path))) {
        Files.deleteIfExists(journalOf(path));
      }
    } catch (IOException e) {
      throw new SystemCallException(FileTrouble.words(e));
    }
  }

  /**
   * Puts another file in a table's place, if there is one, with that one's owner, group and mode.
   * Waits until nobody reads or writes it.
   *
   * @param path of the table
   */
  static void replace(Path path, Replacement replacement) throws IOException, SystemCallException {
    if (Files.notExists(path)) {
      replacement.commit();
      return;
    }
    try (FilesOnDisk old = openForWriting(path)) {
      old.lockExclusive();
      old.removeJournal();
      replacement.inherit();
      replacement.commit();
    }
  }

  /** Somebody else who has the table open removes the journal when he closes it. */
  private void forgetRemovedJournal() throws SystemCallException {
    if (openJournal != null && openJournal.isRemoved()) {
      closeJournal();
    }
  }

  private void closeJournal() {
    if (openJournal != null) {
      openJournal.close();
      openJournal = null;
    }
  }

  @Override
  public void close() {
    closeJournal();
    table.close();
  }
}
