package org.postern.driver.berkeleydb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SortedMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.postern.driver.berkeleydb.libc.StoredFile;
import org.postern.driver.berkeleydb.libc.SystemCallException;

/**
 * What one transaction writes: a {@link JournalBlock}, and for each page
 *
 * <pre>
 * its number (8 bytes);
 * CRC-32C of each of its sectors before the transaction (4 bytes each);
 * the page after it.
 * </pre>
 *
 * <p>A sector that the table did not have counts as zeros.
 */
final class JournalRecord {
  /** A disk writes so many bytes whole or not at all. */
  static final int SECTOR = 512;

  private final MemorySegment bytes;
  private final int pageSize;

  private JournalRecord(MemorySegment bytes, int pageSize) {
    this.bytes = bytes;
    this.pageSize = pageSize;
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
    JournalRecord record =
        new JournalRecord(arena.allocate(length(pageSize, pages.size()), Long.BYTES), pageSize);
    long at = JournalBlock.SIZE;
    for (Page page : pages.values()) {
      MemorySegment after = record.page(at);
      // The page before is read to where the page after will be.
      table.read(after, page.number() * pageSize);
      record.bytes.set(JournalBlock.LONG, at, page.number());
      for (int sector = 0; sector < record.sectors(); sector++) {
        record.bytes.set(
            JournalBlock.INT,
            at + Long.BYTES + (long) sector * Integer.BYTES,
            checksum(after.asSlice((long) sector * SECTOR, SECTOR)));
      }
      after.copyFrom(page.bytes());
      at += entryLength(pageSize);
    }
    JournalBlock.putRecord(record.bytes, sequence, pageSize, pages.size(), uniqueId);
    return record;
  }

  /** Reads a record; null when it was not written to its end. */
  static @Nullable JournalRecord read(
      StoredFile journal, long at, JournalBlock block, long journalSize, Arena arena)
      throws SystemCallException {
    int pageSize = block.pageSize();
    if (pageSize < SECTOR
        || pageSize > FileHeader.LARGEST_PAGE
        || block.pages() < 1
        || block.length() != length(pageSize, block.pages())
        || block.length() > journalSize - at) {
      return null;
    }
    MemorySegment bytes = arena.allocate(block.length(), Long.BYTES);
    return journal.read(bytes, at) == block.length() && JournalBlock.isSound(bytes)
        ? new JournalRecord(bytes, pageSize)
        : null;
  }

  static int checksum(MemorySegment sector) {
    CRC32C crc = new CRC32C();
    crc.update(sector.asByteBuffer());
    return (int) crc.getValue();
  }

  /** How many bytes the record of so many pages has. */
  static long length(int pageSize, int pages) {
    return JournalBlock.SIZE + pages * entryLength(pageSize);
  }

  private static long entryLength(int pageSize) {
    return Long.BYTES + (long) pageSize / SECTOR * Integer.BYTES + pageSize;
  }

  MemorySegment bytes() {
    return bytes;
  }

  int sectors() {
    return pageSize / SECTOR;
  }

  /** The page of the entry at this place. */
  private MemorySegment page(long at) {
    return bytes.asSlice(at + Long.BYTES + (long) sectors() * Integer.BYTES, pageSize);
  }

  /** Writes the pages into the table. */
  void apply(StoredFile table) throws SystemCallException {
    for (long at = JournalBlock.SIZE; at < bytes.byteSize(); at += entryLength(pageSize)) {
      table.write(page(at), bytes.get(JournalBlock.LONG, at) * pageSize);
    }
  }

  /** Has the disk keep room for pages that the table does not have yet. */
  void reserve(StoredFile table) throws SystemCallException {
    long last = bytes.get(JournalBlock.LONG, bytes.byteSize() - entryLength(pageSize));
    long end = (last + 1) * pageSize;
    long size = table.size();
    if (end > size) {
      table.reserve(size, end - size);
    }
  }

  /** What is done with one sector of a page that the record has. */
  interface SectorConsumer {
    /**
     * Takes a sector.
     *
     * @param position in the table, in bytes
     * @param before its checksum before the transaction
     * @param after its checksum after it
     */
    void accept(long position, int before, int after) throws SystemCallException;
  }

  void forEachSector(SectorConsumer consumer) throws SystemCallException {
    for (long at = JournalBlock.SIZE; at < bytes.byteSize(); at += entryLength(pageSize)) {
      long position = bytes.get(JournalBlock.LONG, at) * pageSize;
      MemorySegment page = page(at);
      for (int sector = 0; sector < sectors(); sector++) {
        long offset = (long) sector * SECTOR;
        consumer.accept(
            position + offset,
            bytes.get(JournalBlock.INT, at + Long.BYTES + (long) sector * Integer.BYTES),
            checksum(page.asSlice(offset, SECTOR)));
      }
    }
  }
}
