package org.postern.driver.berkeleydb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.StoredFile;
import org.postern.platform.libc.SystemCallException;

/**
 * What one transaction writes: a {@link JournalBlock}, and for each page those of its sectors that
 * change, or all if the table does not have the page yet:
 *
 * <pre>
 * the page's number (8 bytes);
 * which sectors, a bit for each, the first one lowest (8 bytes, or 16 for pages of 65536 bytes);
 * CRC-32C of each of them before the transaction (4 bytes each);
 * the sectors after it
 * </pre>
 *
 * <p>A sector that the table did not have counts as zeros.
 */
final class JournalRecord {
  /** A disk writes so many bytes whole or not at all. */
  static final int SECTOR = 512;

  private final MemorySegment bytes;
  private final int pageSize;

  /** The numbers of pages that the table lacks or has as zeros: those may be a hole in the file. */
  private final List<Long> absent;

  private JournalRecord(MemorySegment bytes, int pageSize, List<Long> absent) {
    this.bytes = bytes;
    this.pageSize = pageSize;
    this.absent = absent;
  }

  /**
   * Makes the record of pages that are to be written.
   *
   * @param table as it is before
   * @param uniqueId the table's
   * @param arena for the record's memory
   */
  static JournalRecord of(
      StoredFile table,
      SortedMap<Long, Page> pages,
      long sequence,
      MemorySegment uniqueId,
      Arena arena)
      throws SystemCallException {
    int pageSize = pages.sequencedValues().getFirst().file().pageSize();
    MemorySegment bytes = arena.allocate(longest(pageSize, pages.size()), Long.BYTES);
    MemorySegment before = arena.allocate(pageSize);
    MemorySegment zeros = arena.allocate(pageSize);
    List<Long> absent = new ArrayList<>();
    long at = JournalBlock.SIZE;
    for (Page page : pages.values()) {
      boolean whole = table.read(before.fill((byte) 0), page.number() * pageSize) < pageSize;
      if (whole || before.mismatch(zeros) < 0) {
        absent.add(page.number());
      }
      at = put(bytes, at, page, before, whole);
    }
    MemorySegment record = bytes.asSlice(0, at);
    JournalBlock.putRecord(record, sequence, pageSize, pages.size(), uniqueId);
    return new JournalRecord(record, pageSize, absent);
  }

  private static long put(
      MemorySegment bytes, long at, Page page, MemorySegment before, boolean whole) {
    bytes.set(JournalBlock.LONG, at, page.number());
    int sectors = (int) (before.byteSize() / SECTOR);
    Bits changed = new Bits(bytes, at + Long.BYTES, sectors);
    for (int sector = 0; sector < sectors; sector++) {
      if (whole || isChanged(page, before, sector)) {
        changed.set(sector);
      }
    }
    long checksum = changed.end();
    long data = checksum + (long) changed.count() * Integer.BYTES;
    for (int sector = 0; sector < sectors; sector++) {
      if (changed.has(sector)) {
        MemorySegment old = before.asSlice((long) sector * SECTOR, SECTOR);
        bytes.set(JournalBlock.INT, checksum, checksum(old));
        MemorySegment.copy(page.bytes(), (long) sector * SECTOR, bytes, data, SECTOR);
        checksum += Integer.BYTES;
        data += SECTOR;
      }
    }
    return data;
  }

  private static boolean isChanged(Page page, MemorySegment before, int sector) {
    long from = (long) sector * SECTOR;
    long to = from + SECTOR;
    return MemorySegment.mismatch(page.bytes(), from, to, before, from, to) >= 0;
  }

  /** The sectors of a page, a bit for each. */
  private record Bits(MemorySegment bytes, long at, int sectors) {
    boolean has(int sector) {
      return (word(sector) >>> sector & 1) != 0;
    }

    void set(int sector) {
      bytes.set(JournalBlock.LONG, place(sector), word(sector) | 1L << sector);
    }

    private long word(int sector) {
      return bytes.get(JournalBlock.LONG, place(sector));
    }

    private long place(int sector) {
      return at + (long) sector / Long.SIZE * Long.BYTES;
    }

    int count() {
      int count = 0;
      for (long word = at; word < end(); word += Long.BYTES) {
        count += Long.bitCount(bytes.get(JournalBlock.LONG, word));
      }
      return count;
    }

    /** Where what follows begins. */
    long end() {
      return at + ((long) sectors + Long.SIZE - 1) / Long.SIZE * Long.BYTES;
    }
  }

  /** Reads a record; null when it was not written to its end. */
  static @Nullable JournalRecord read(
      StoredFile journal, long at, JournalBlock block, long journalSize, Arena arena)
      throws SystemCallException {
    long length = block.length();
    if (length < JournalBlock.SIZE || length > journalSize - at) {
      return null;
    }
    MemorySegment bytes = arena.allocate(length, Long.BYTES);
    return journal.read(bytes, at) == length && JournalBlock.isSound(bytes)
        ? new JournalRecord(bytes, block.pageSize(), List.of())
        : null;
  }

  static int checksum(MemorySegment sector) {
    CRC32C crc = new CRC32C();
    crc.update(sector.asByteBuffer());
    return (int) crc.getValue();
  }

  /** As many bytes as the record of so many pages has at most. */
  static long longest(int pageSize, int pages) {
    long page = Long.BYTES + 2 * Long.BYTES + (long) pageSize / SECTOR * Integer.BYTES + pageSize;
    return JournalBlock.SIZE + pages * page;
  }

  MemorySegment bytes() {
    return bytes;
  }

  /** Whether every page is as it was. */
  boolean isEmpty() throws SystemCallException {
    boolean[] empty = {true};
    forEachSector((_, _, _) -> empty[0] = false);
    return empty[0];
  }

  /** Writes the sectors into the table. */
  void apply(StoredFile table) throws SystemCallException {
    Run run = new Run(table);
    forEachSector((position, _, sector) -> run.add(position, sector));
    run.write();
  }

  /** Sectors one after the other, in the record and in the table. */
  private final class Run {
    private final StoredFile table;
    private long position;
    private long data;
    private long length;

    Run(StoredFile table) {
      this.table = table;
    }

    void add(long to, long from) throws SystemCallException {
      if (to != position + length || from != data + length) {
        write();
        position = to;
        data = from;
      }
      length += SECTOR;
    }

    void write() throws SystemCallException {
      if (length > 0) {
        table.write(bytes.asSlice(data, length), position);
        length = 0;
      }
    }
  }

  /** Has the disk keep room for pages that the table does not have yet, or none of it. */
  void reserve(StoredFile table) throws SystemCallException {
    if (absent.isEmpty()) {
      return;
    }
    long size = table.size();
    long end = (absent.getLast() + 1) * pageSize;
    boolean all = end <= size || isReserved(table, size, end - size);
    try {
      for (long page : absent) {
        if (!all || page * pageSize < size) {
          table.reserve(page * pageSize, pageSize);
        }
      }
    } catch (SystemCallException e) {
      giveBack(table, e);
      throw e;
    }
  }

  /** Tries to have room for pages that are not written yet, too: a file in one piece. */
  private boolean isReserved(StoredFile table, long position, long size)
      throws SystemCallException {
    try {
      table.reserve(position, size);
      return true;
    } catch (SystemCallException e) {
      if (!e.isForWantOfRoom()) {
        throw e;
      }
      giveBack(table, e);
      return false;
    }
  }

  /** Gives back what is reserved behind the end of the table, if the table needs anything there. */
  void giveBack(StoredFile table, SystemCallException failure) {
    if (absent.isEmpty() || !failure.isForWantOfRoom()) {
      return;
    }
    try {
      table.truncate(table.size());
    } catch (SystemCallException e) {
      failure.addSuppressed(e);
    }
  }

  /** What is done with one sector that the record has. */
  interface SectorConsumer {
    /**
     * Takes a sector.
     *
     * @param position in the table, in bytes
     * @param before its checksum before the transaction
     * @param sector where the record has it as it is after
     */
    void accept(long position, int before, long sector) throws SystemCallException;
  }

  void forEachSector(SectorConsumer consumer) throws SystemCallException {
    int sectors = pageSize / SECTOR;
    long at = JournalBlock.SIZE;
    while (at < bytes.byteSize()) {
      long page = bytes.get(JournalBlock.LONG, at) * pageSize;
      Bits changed = new Bits(bytes, at + Long.BYTES, sectors);
      long checksum = changed.end();
      at = checksum + (long) changed.count() * Integer.BYTES;
      for (int sector = 0; sector < sectors; sector++) {
        if (changed.has(sector)) {
          consumer.accept(page + (long) sector * SECTOR, bytes.get(JournalBlock.INT, checksum), at);
          checksum += Integer.BYTES;
          at += SECTOR;
        }
      }
    }
  }

  /** The checksum of a sector that {@link #forEachSector} has shown. */
  int checksumAfter(long sector) {
    return checksum(bytes.asSlice(sector, SECTOR));
  }
}
