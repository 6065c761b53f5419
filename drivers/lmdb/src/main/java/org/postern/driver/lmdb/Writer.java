package org.postern.driver.lmdb;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.ChangeGroups;
import org.postern.platform.libc.FileStatus;
import org.postern.platform.libc.LockableFile;
import org.postern.platform.libc.SystemCallException;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;

/**
 * Changes a file as LMDB does, under the lock that Postfix's own programs take. Changes that wait
 * while another one is written become one transaction. There is one writer for a file, whichever
 * tables use it.
 */
final class Writer {
  /** As postmap(1) makes it; a server's umask leaves it to its user alone. */
  private static final int MODE = 0644;

  private static final Retry NOT_MADE = new Retry("the change was not made");

  private final Path path;
  private final ChangeGroups<Pending> groups = new ChangeGroups<>(this::makeAll);

  /** Kept from change to change. */
  private @Nullable LockableFile file;

  private @Nullable State sound;
  private int users;

  Writer(Path path) {
    this.path = path;
  }

  /** What a file looked like when nothing was wrong with it. */
  private record State(FileStatus status, Meta newest) {}

  /** What is done in a transaction. */
  interface Change {
    /** What came of it: {@link Changed} when there is something to commit. */
    ChangeResult make(MutableTree entries) throws CorruptFileException;
  }

  /** A change that somebody waits for. */
  private static final class Pending {
    private final long mapSize;
    private final Change change;
    private ChangeResult result = NOT_MADE;

    Pending(long mapSize, Change change) {
      this.mapSize = mapSize;
      this.change = change;
    }
  }

  /**
   * Makes the file, when it is not there or empty.
   *
   * @param mapSize the parameter lmdb_map_size
   */
  synchronized void create(long mapSize) throws SystemCallException, CorruptFileException {
    if (!Files.exists(path) || isEmpty()) {
      change(List.of(new Pending(mapSize, _ -> NotFound.NOT_FOUND)));
    }
  }

  private boolean isEmpty() throws SystemCallException {
    try (LockableFile there = LockableFile.open(path)) {
      return there.status().isRegular() && there.size() == 0;
    }
  }

  /**
   * Makes a change, in one transaction with others that wait. It is on disk when this returns.
   * Waits for the lock.
   *
   * @return what the change said, or why it was not made
   */
  ChangeResult change(long mapSize, Change change) {
    Pending pending = new Pending(mapSize, change);
    groups.make(pending);
    return pending.result;
  }

  /** One that cannot be made does not keep the others from being made. */
  private void makeAll(List<Pending> together) {
    String trouble = make(together);
    if (trouble == null) {
      return;
    }
    if (together.size() > 1) {
      together.forEach(each -> makeAll(List.of(each)));
    } else {
      together.getFirst().result = new Retry(path + ": " + trouble);
    }
  }

  /**
   * Makes changes, all or none.
   *
   * @return what is wrong when none was made, or null
   */
  private @Nullable String make(List<Pending> together) {
    try {
      change(together);
      return null;
    } catch (SystemCallException | CorruptFileException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private synchronized void change(List<Pending> together)
      throws SystemCallException, CorruptFileException {
    try {
      LockableFile locked = lock();
      try {
        transact(together, locked, newest(locked, together));
      } finally {
        locked.unlockRecords();
      }
    } finally {
      if (users == 0) {
        closeFile();
      }
    }
  }

  /** The file that has the name, locked. */
  private LockableFile lock() throws SystemCallException {
    while (true) {
      LockableFile opened = file;
      if (opened == null) {
        opened = open(path);
        file = opened;
      }
      opened.lockRecordsExclusive();
      if (isAtPath(opened)) {
        return opened;
      }
      closeFile();
    }
  }

  private boolean isAtPath(LockableFile opened) throws SystemCallException {
    return Files.exists(path) && opened.isAt(path);
  }

  private static LockableFile open(Path path) throws SystemCallException {
    if (Files.notExists(path)) {
      try {
        return LockableFile.create(path, MODE);
      } catch (SystemCallException e) {
        if (Files.notExists(path)) {
          throw e;
        }
      }
    }
    return LockableFile.openForWriting(path);
  }

  private void closeFile() {
    sound = null;
    LockableFile opened = file;
    if (opened != null) {
      file = null;
      opened.close();
    }
  }

  /** For a table that is open: what is kept for the next change may be worth keeping. */
  synchronized void acquire() {
    users++;
  }

  synchronized void release() {
    users--;
    if (users == 0) {
      closeFile();
    }
  }

  /** The newer meta page of a file that is sound. */
  private Meta newest(LockableFile locked, List<Pending> together)
      throws SystemCallException, CorruptFileException {
    FileStatus status = locked.status();
    if (status.isRegular() && status.size() == 0) {
      long mapSize = together.stream().mapToLong(each -> each.mapSize).max().orElseThrow();
      Transaction.writeEmpty(locked, mapSize);
      return Meta.newest(start(locked));
    }
    State state = new State(status, Meta.newest(start(locked)));
    if (state.equals(sound)) {
      return state.newest;
    }
    sound = null;
    return FileCheck.check(locked);
  }

  private static MemorySegment start(LockableFile file) throws SystemCallException {
    MemorySegment start = PageBuffers.ofThisThread().start();
    return start.asSlice(0, file.read(start, 0));
  }

  private void transact(List<Pending> together, LockableFile locked, Meta newest)
      throws SystemCallException, CorruptFileException {
    sound = null;
    List<ChangeResult> results = new ArrayList<>();
    try (Transaction transaction = new Transaction(locked, newest)) {
      for (Pending each : together) {
        results.add(each.change.make(transaction.entries()));
      }
      if (results.stream().anyMatch(Changed.class::isInstance)) {
        transaction.commit();
      }
    } catch (IndexOutOfBoundsException e) {
      throw new CorruptFileException("refers to bytes that it does not have");
    }
    sound = new State(locked.status(), Meta.newest(start(locked)));
    for (int i = 0; i < results.size(); i++) {
      together.get(i).result = results.get(i);
    }
  }
}
