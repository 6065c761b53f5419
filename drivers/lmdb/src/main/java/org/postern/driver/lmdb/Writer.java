package org.postern.driver.lmdb;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.ChangeGroups;
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

  /**
   * What a file looked like when nothing was wrong with it. Not by the time when it was written
   * last: whoever asks Linux for that makes the next fdatasync(2) take half as long again.
   *
   * @param start both meta pages, to the end of what matters
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record State(long size, byte[] start, Meta newest) {
    boolean isIn(LockableFile file) throws SystemCallException, CorruptFileException {
      return read(file, start.length).mismatch(MemorySegment.ofArray(start)) < 0;
    }
  }

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
        transact(together, locked, check(locked, together));
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
    try {
      return opened.isAt(path);
    } catch (SystemCallException e) {
      if (Files.notExists(path)) {
        return false;
      }
      throw e;
    }
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

  /** What a file is like that is sound. */
  private State check(LockableFile locked, List<Pending> together)
      throws SystemCallException, CorruptFileException {
    State before = sound;
    sound = null;
    long size = locked.size();
    if (size == 0 && locked.status().isRegular()) {
      long mapSize = together.stream().mapToLong(each -> each.mapSize).max().orElseThrow();
      Transaction.writeEmpty(locked, mapSize);
      return checked(locked);
    }
    return before != null && before.size == size && before.isIn(locked) ? before : checked(locked);
  }

  private static State checked(LockableFile locked)
      throws SystemCallException, CorruptFileException {
    Meta newest = FileCheck.check(locked);
    byte[] start = new byte[newest.pageSize() + Meta.LENGTH];
    MemorySegment.ofArray(start).copyFrom(read(locked, start.length));
    return new State(locked.size(), start, newest);
  }

  /** The start of a file, in memory of the calling thread. */
  private static MemorySegment read(LockableFile file, int length)
      throws SystemCallException, CorruptFileException {
    MemorySegment start = PageBuffers.ofThisThread().start().asSlice(0, length);
    if (file.read(start, 0) < length) {
      throw new CorruptFileException(DataFile.CUT_SHORT);
    }
    return start;
  }

  private void transact(List<Pending> together, LockableFile locked, State before)
      throws SystemCallException, CorruptFileException {
    State after = before;
    List<ChangeResult> results = new ArrayList<>();
    try (Transaction transaction = new Transaction(locked, before.size, before.newest)) {
      for (Pending each : together) {
        results.add(each.change.make(transaction.entries()));
      }
      if (results.stream().anyMatch(Changed.class::isInstance)) {
        Meta newest = transaction.commit();
        byte[] start = before.start.clone();
        transaction.putMeta(MemorySegment.ofArray(start));
        after = new State(locked.size(), start, newest);
      }
    } catch (IndexOutOfBoundsException e) {
      throw new CorruptFileException("refers to bytes that it does not have");
    }
    sound = after;
    for (int i = 0; i < results.size(); i++) {
      together.get(i).result = results.get(i);
    }
  }
}
