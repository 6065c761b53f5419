package org.postern.driver.berkeleydb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.StoredFile;
import org.postern.platform.libc.SystemCallException;

/**
 * What makes changes of a table survive a crash: the pages that each transaction writes, in a file
 * of its own beside the table, one {@link JournalRecord} after the other, and then the end.
 *
 * <p>A transaction waits for the disk once, for its record. Then it writes its pages into the
 * table, without waiting, and moves the end behind the record. Whoever locks the table and does not
 * find an end that was written since the system was last started does it again ({@link Replay}):
 * the process was killed in between, or what it wrote may not have come to the disk. When the file
 * is full, when there is no room for the next record, and when no change has come for a while, the
 * table is brought to disk and the journal begins anew. Its sequence numbers begin at random then,
 * so that no old record is taken for one that follows.
 *
 * <p>The file is made as long as it may become, unless the file system has little room left: others
 * need that more.
 *
 * <p>All of it happens under the table's lock: the exclusive one, but for {@link #isPending}. Used
 * by one thread at a time.
 */
final class Journal {
  /** As many bytes as a journal has before it begins anew, unless one transaction needs more. */
  private static final long CAPACITY = 4 << 20;

  /** Such a part of that where room is scarce. */
  private static final int SCARCE = 16;

  private static final int FILL_SIZE = 4096;
  private static final long NOWHERE = -1;

  private final TableFiles files;
  private final long capacity;

  /** As many bytes as it has before it begins anew for now. */
  private long limit;

  /** The table's, read under the lock. */
  private MemorySegment uniqueId = MemorySegment.NULL;

  /** Where the end was last seen; negative when there is no journal of this table. */
  private long end = NOWHERE;

  /** The number of the record before the end. */
  private long sequence;

  Journal(TableFiles files) {
    this(files, CAPACITY);
  }

  Journal(TableFiles files, long capacity) {
    this.files = files;
    this.capacity = capacity;
    this.limit = capacity;
  }

  TableFiles files() {
    return files;
  }

  /** Whether there is something that may have to be written again. */
  boolean isPending() throws SystemCallException {
    StoredFile journal = files.openJournal();
    return journal != null && !findEnd(journal);
  }

  /**
   * Finds the end where it was last seen, or from the beginning.
   *
   * @return false when there is none after the last record
   */
  private boolean findEnd(StoredFile journal) throws SystemCallException {
    uniqueId = JournalBlock.uniqueId(files.table());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(JournalBlock.SIZE, Long.BYTES);
      return (end >= 0 && isEnd(JournalBlock.read(journal, end, uniqueId, memory)))
          || findEnd(journal, memory);
    }
  }

  private boolean isEnd(@Nullable JournalBlock block) {
    return block != null && block.sequence() == sequence && block.isEnd(files.systemStart());
  }

  private boolean findEnd(StoredFile journal, MemorySegment memory) throws SystemCallException {
    JournalBlock block = JournalBlock.read(journal, 0, uniqueId, memory);
    if (block == null) {
      end = NOWHERE;
      return true;
    }
    end = 0;
    sequence = block.isRecord() ? block.sequence() - 1 : block.sequence();
    long size = journal.size();
    while (block != null && block.isRecord() && block.sequence() == sequence + 1) {
      long length = block.length();
      if (length < JournalBlock.SIZE || length > size - end) {
        return false;
      }
      end = nextPlace(end + length);
      sequence++;
      block = JournalBlock.read(journal, end, uniqueId, memory);
    }
    return isEnd(block);
  }

  private static long nextPlace(long position) {
    return (position + JournalRecord.SECTOR - 1) & -JournalRecord.SECTOR;
  }

  /** Writes again what may not be in the table, if anything. */
  void recover() throws SystemCallException {
    StoredFile journal = files.openJournal();
    if (journal == null) {
      uniqueId = JournalBlock.uniqueId(files.table());
      end = NOWHERE;
    } else if (!findEnd(journal)) {
      try (Arena arena = Arena.ofConfined()) {
        new Replay(files.table(), records(journal, arena)).run();
      }
      beginAnew(files.createJournal());
    }
  }

  /** The records from the beginning on that are whole. */
  private List<JournalRecord> records(StoredFile journal, Arena arena) throws SystemCallException {
    List<JournalRecord> records = new ArrayList<>();
    long size = journal.size();
    long at = 0;
    long expected = 0;
    while (true) {
      MemorySegment memory = arena.allocate(JournalBlock.SIZE, Long.BYTES);
      JournalBlock block = JournalBlock.read(journal, at, uniqueId, memory);
      if (block == null || !block.isRecord()) {
        return records;
      }
      JournalRecord record = JournalRecord.read(journal, at, block, size, arena);
      if (record == null || (at > 0 && block.sequence() != expected)) {
        return records;
      }
      records.add(record);
      expected = block.sequence() + 1;
      at = nextPlace(at + block.length());
    }
  }

  /** Begins anew. The table is on disk. */
  private void beginAnew(StoredFile journal) throws SystemCallException {
    end = 0;
    sequence = ThreadLocalRandom.current().nextLong();
    putEnd(journal);
  }

  private void putEnd(StoredFile journal) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(JournalBlock.SIZE, Long.BYTES);
      JournalBlock.putEnd(bytes, sequence, files.systemStart(), uniqueId);
      journal.write(bytes, end);
    }
  }

  /**
   * Writes pages so that all of them are in the table when this returns, also after a crash; when
   * it throws, all or none. After {@link #recover}, under the same lock.
   */
  void commit(SortedMap<Long, Page> pages) throws SystemCallException {
    StoredFile table = files.table();
    StoredFile journal = files.createJournal();
    try (Arena arena = Arena.ofConfined()) {
      if (end < 0) {
        beginAnew(journal);
        fit(journal);
        fill(journal, arena);
      } else if (end > 0 && end + length(pages) > limit) {
        table.sync();
        beginAnew(journal);
        fit(journal);
      }
      JournalRecord record = write(table, journal, pages, arena);
      if (record.isEmpty()) {
        table.sync();
        return;
      }
      record.apply(table);
      end = nextPlace(end + record.bytes().byteSize());
      sequence++;
      putEnd(journal);
    }
  }

  /**
   * Has the record of pages on disk, if they are not in the table already, and room for them in the
   * table. When there is none, the journal gives up its own, and it is tried once more.
   */
  private JournalRecord write(
      StoredFile table, StoredFile journal, SortedMap<Long, Page> pages, Arena arena)
      throws SystemCallException {
    try {
      return tryToWrite(table, journal, pages, arena);
    } catch (SystemCallException e) {
      if (!e.isForWantOfRoom()) {
        throw e;
      }
      table.sync();
      beginAnew(journal);
      limit = capacity / SCARCE;
      cut(journal, JournalBlock.SIZE);
      return tryToWrite(table, journal, pages, arena);
    }
  }

  private JournalRecord tryToWrite(
      StoredFile table, StoredFile journal, SortedMap<Long, Page> pages, Arena arena)
      throws SystemCallException {
    JournalRecord record = JournalRecord.of(table, pages, sequence + 1, uniqueId, arena);
    if (!record.isEmpty()) {
      record.reserve(table);
      try {
        write(journal, record, arena);
      } catch (SystemCallException e) {
        record.giveBack(table, e);
        throw e;
      }
    }
    return record;
  }

  /** The room that a record and the end behind it take at most. */
  private static long length(SortedMap<Long, Page> pages) {
    int pageSize = pages.sequencedValues().getFirst().file().pageSize();
    return nextPlace(JournalRecord.longest(pageSize, pages.size())) + JournalBlock.SIZE;
  }

  /** How long a journal may become that has just begun. It is cut when it is longer. */
  private void fit(StoredFile journal) throws SystemCallException {
    long size = journal.size();
    boolean plenty = journal.room() >= 2 * capacity - size;
    limit = plenty ? capacity : capacity / SCARCE;
    if (size > limit) {
      cut(journal, limit);
    }
  }

  /** Makes a journal shorter that has just begun. */
  private static void cut(StoredFile journal, long size) throws SystemCallException {
    // A power failure could leave the first of the records that were here, without the later ones.
    journal.sync();
    journal.truncate(size);
  }

  /**
   * Zeros: a file that does not grow is on disk sooner. Piece by piece: what is written at once,
   * the kernel can keep as one piece in its memory, and goes through all of it at each small write
   * then. Where a quota does not allow for it, for example, the journal stays as it is.
   */
  private void fill(StoredFile journal, Arena arena) throws SystemCallException {
    MemorySegment zeros = arena.allocate(FILL_SIZE);
    long before = journal.size();
    try {
      long size = before;
      while (size < limit) {
        long count = Math.min(FILL_SIZE - size % FILL_SIZE, limit - size);
        journal.write(zeros.asSlice(0, count), size);
        size += count;
      }
    } catch (SystemCallException e) {
      if (!e.isForWantOfRoom()) {
        throw e;
      }
      limit = capacity / SCARCE;
      journal.truncate(before);
    }
  }

  /** Has a record on disk, or takes care that nobody will find it. */
  private void write(StoredFile journal, JournalRecord record, Arena arena)
      throws SystemCallException {
    try {
      long next = nextPlace(end + record.bytes().byteSize());
      if (journal.size() < next + JournalBlock.SIZE) {
        // The end comes when the pages are in the table: it must not fail for want of room then.
        journal.write(arena.allocate(JournalBlock.SIZE), next);
      }
      journal.write(record.bytes(), end);
      journal.sync();
    } catch (SystemCallException e) {
      try {
        putEnd(journal);
        if (e.isForWantOfRoom()) {
          journal.truncate(end + JournalBlock.SIZE);
        }
      } catch (SystemCallException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /** Brings the table to disk, so that nothing of it is needed here. */
  void empty() throws SystemCallException {
    recover();
    if (end > 0) {
      files.table().sync();
      StoredFile journal = files.createJournal();
      beginAnew(journal);
      journal.sync();
      fit(journal);
    }
  }
}
