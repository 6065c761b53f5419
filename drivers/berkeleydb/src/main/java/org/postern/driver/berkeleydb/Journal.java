package org.postern.driver.berkeleydb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.SortedMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.postern.driver.berkeleydb.libc.StoredFile;
import org.postern.driver.berkeleydb.libc.SystemCallException;

/**
 * What undoes a change of a table that was not finished: pages as they were before, in a file of
 * its own beside the table.
 *
 * <pre>
 * offset  bytes     all numbers little-endian
 *      0      8  magic; something else when the change is finished
 *      8      4  CRC-32C of all that follows
 *     12      4  page size
 *     16      8  length of the journal
 *     24      8  length of the table before the change
 *     32     20  the table's unique id, from its first page
 *     52     12  zero
 *     64         for each page that the change writes:
 *                number (8 bytes);
 *                CRC-32C of each of its sectors after the change (4 bytes each);
 *                the page before the change, if the table had it
 * </pre>
 *
 * <p>A change waits for the disk twice. First the journal is on disk, while the table is untouched:
 * one that is found torn says that nothing was written yet. Then the pages are. The magic is wiped
 * out after that, without waiting for it: a journal whose change is finished is also known by the
 * new contents of all sectors. And if a sector has neither its old nor its new contents, somebody
 * who doesn't know of the journal has written the table since, and it is left as it is.
 *
 * <p>All of it happens under the table's exclusive lock. A disk writes a sector of 512 bytes whole
 * or not at all.
 */
final class Journal {
  private static final long MAGIC = 0x4A6E_7265_7473_6F50L;
  private static final int HEADER = 64;
  private static final int SECTOR = 512;
  private static final int CHECKED_FROM = 12;
  private static final int UNIQUE_ID = 20;
  private static final int UNIQUE_ID_IN_TABLE = 52;
  private static final int UNIQUE_ID_IN_JOURNAL = 32;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final StoredFile table;
  private final MemorySegment bytes;

  private Journal(StoredFile table, MemorySegment bytes) {
    this.table = table;
    this.bytes = bytes;
  }

  /** Writes pages so that all of them are on disk when this returns, or none after a crash. */
  static void commit(TableFiles files, SortedMap<Long, Page> pages) throws SystemCallException {
    StoredFile table = files.table();
    try (Arena arena = Arena.ofConfined();
        StoredFile journal = files.createJournal()) {
      MemorySegment before = before(table, pages, arena);
      journal.write(before, 0);
      journal.sync();
      for (Page page : pages.values()) {
        MemorySegment bytes = arena.allocate(page.file().pageSize());
        table.write(bytes.copyFrom(page.bytes()), page.number() * bytes.byteSize());
      }
      table.sync();
      wipe(journal, arena);
    }
  }

  private static MemorySegment before(StoredFile table, SortedMap<Long, Page> pages, Arena arena)
      throws SystemCallException {
    int pageSize = pages.sequencedValues().getFirst().file().pageSize();
    long tableSize = table.size();
    long length = HEADER;
    for (long number : pages.keySet()) {
      length += entryLength(pageSize, isOld(number, pageSize, tableSize));
    }
    MemorySegment bytes = arena.allocate(length, Long.BYTES);
    bytes.set(LONG, 0, MAGIC);
    bytes.set(INT, 12, pageSize);
    bytes.set(LONG, 16, length);
    bytes.set(LONG, 24, tableSize);
    table.read(bytes.asSlice(UNIQUE_ID_IN_JOURNAL, UNIQUE_ID), UNIQUE_ID_IN_TABLE);
    long at = HEADER;
    for (Page page : pages.values()) {
      bytes.set(LONG, at, page.number());
      at += Long.BYTES;
      for (int sector = 0; sector < pageSize; sector += SECTOR) {
        bytes.set(INT, at, checksum(page.bytes().asSlice(sector, SECTOR)));
        at += Integer.BYTES;
      }
      if (isOld(page.number(), pageSize, tableSize)) {
        table.read(bytes.asSlice(at, pageSize), page.number() * pageSize);
        at += pageSize;
      }
    }
    bytes.set(INT, 8, checksum(bytes.asSlice(CHECKED_FROM)));
    return bytes;
  }

  private static boolean isOld(long page, int pageSize, long tableSize) {
    return (page + 1) * pageSize <= tableSize;
  }

  private static long entryLength(int pageSize, boolean old) {
    return Long.BYTES + (long) pageSize / SECTOR * Integer.BYTES + (old ? pageSize : 0);
  }

  private static int checksum(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.asByteBuffer());
    return (int) crc.getValue();
  }

  private static void wipe(StoredFile journal, Arena arena) throws SystemCallException {
    journal.write(arena.allocate(Long.BYTES), 0);
  }

  /** Whether there is a journal that may have to be played back. */
  static boolean isPending(TableFiles files) throws SystemCallException {
    try (Arena arena = Arena.ofConfined();
        StoredFile journal = files.openJournal()) {
      return journal != null && header(journal, arena) != null;
    }
  }

  private static @Nullable MemorySegment header(StoredFile journal, Arena arena)
      throws SystemCallException {
    MemorySegment header = arena.allocate(HEADER, Long.BYTES);
    return journal.read(header, 0) == HEADER && header.get(LONG, 0) == MAGIC ? header : null;
  }

  /** Undoes what was not finished, if anything. The table is exclusively locked. */
  static void playBack(TableFiles files) throws SystemCallException {
    if (!isPending(files)) {
      return;
    }
    try (Arena arena = Arena.ofConfined();
        StoredFile file = files.createJournal()) {
      Journal journal = read(files.table(), file, arena);
      if (journal != null && journal.isUnfinished(arena)) {
        journal.restore();
      }
      wipe(file, arena);
    }
  }

  /** Reads a journal that is whole and this table's own. */
  private static @Nullable Journal read(StoredFile table, StoredFile journal, Arena arena)
      throws SystemCallException {
    MemorySegment header = header(journal, arena);
    if (header == null) {
      return null;
    }
    long length = header.get(LONG, 16);
    if (length < HEADER || length > journal.size()) {
      return null;
    }
    MemorySegment bytes = arena.allocate(length, Long.BYTES);
    MemorySegment uniqueId = arena.allocate(UNIQUE_ID);
    boolean sound =
        journal.read(bytes, 0) == length
            && bytes.get(INT, 8) == checksum(bytes.asSlice(CHECKED_FROM))
            && table.read(uniqueId, UNIQUE_ID_IN_TABLE) == UNIQUE_ID
            && uniqueId.mismatch(bytes.asSlice(UNIQUE_ID_IN_JOURNAL, UNIQUE_ID)) < 0;
    return sound ? new Journal(table, bytes) : null;
  }

  private int pageSize() {
    return bytes.get(INT, 12);
  }

  private long tableSize() {
    return bytes.get(LONG, 24);
  }

  /** Whether each sector is as it was before or after the change, and not all are as after it. */
  private boolean isUnfinished(Arena arena) throws SystemCallException {
    boolean finished = true;
    MemorySegment sector = arena.allocate(SECTOR);
    for (long at = HEADER; at < bytes.byteSize(); at = nextEntry(at)) {
      long page = bytes.get(LONG, at);
      long checksums = at + Long.BYTES;
      boolean old = isOld(page, pageSize(), tableSize());
      for (int i = 0; i < pageSize() / SECTOR; i++) {
        boolean there = table.read(sector, page * pageSize() + (long) i * SECTOR) == SECTOR;
        if (!there || checksum(sector) != bytes.get(INT, checksums + (long) i * Integer.BYTES)) {
          finished = false;
          if (old
              && (!there || sector.mismatch(image(at).asSlice((long) i * SECTOR, SECTOR)) >= 0)) {
            return false;
          }
        }
      }
    }
    return !finished;
  }

  private long nextEntry(long at) {
    return at + entryLength(pageSize(), isOld(bytes.get(LONG, at), pageSize(), tableSize()));
  }

  /** The page of an entry as it was before. */
  private MemorySegment image(long at) {
    return bytes.asSlice(at + entryLength(pageSize(), false), pageSize());
  }

  private void restore() throws SystemCallException {
    for (long at = HEADER; at < bytes.byteSize(); at = nextEntry(at)) {
      long page = bytes.get(LONG, at);
      if (isOld(page, pageSize(), tableSize())) {
        table.write(image(at), page * pageSize());
      }
    }
    table.truncate(tableSize());
    table.sync();
  }
}
