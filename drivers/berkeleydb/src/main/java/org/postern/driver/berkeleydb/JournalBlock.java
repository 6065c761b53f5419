package org.postern.driver.berkeleydb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.StoredFile;
import org.postern.platform.libc.SystemCallException;

/**
 * What stands at a place of the journal: the head of a record, or the end of the journal.
 *
 * <pre>
 * offset  bytes     all numbers little-endian
 *      0      8  magic: what it is
 *      8      8  sequence number: of the record, or of the last one before the end
 *     16     16  of a record: its length, page size (4), number of pages (4);
 *                of the end: which start of the system this is
 *     32     20  the table's unique id, from its first page
 *     52      4  CRC-32C of the block up to here and, of a record, of all that follows it
 * </pre>
 *
 * @param magic {@link #RECORD} or {@link #END}
 * @param bytes of this block, in native memory
 */
record JournalBlock(long magic, long sequence, MemorySegment bytes) {
  static final long RECORD = 0x4472_6E6A_7473_6F50L;
  static final long END = 0x4572_6E6A_7473_6F50L;
  static final int SIZE = 64;
  private static final int UNIQUE_ID_SIZE = 20;

  /** Where the table's unique id stands in its first page. */
  private static final int UNIQUE_ID_IN_TABLE = 52;

  private static final int SEQUENCE = 8;
  private static final int LENGTH = 16;
  private static final int PAGE_SIZE = 24;
  private static final int PAGES = 28;
  private static final int UNIQUE_ID = 32;
  private static final int CHECKSUM = 52;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Reads the unique id of a table. */
  static MemorySegment uniqueId(StoredFile table) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment id = arena.allocate(UNIQUE_ID_SIZE);
      table.read(id, UNIQUE_ID_IN_TABLE);
      return MemorySegment.ofArray(new byte[UNIQUE_ID_SIZE]).copyFrom(id);
    }
  }

  /**
   * Reads the block at a place; null where there is none of this table.
   *
   * @param into native memory of {@link #SIZE} bytes
   */
  static @Nullable JournalBlock read(
      StoredFile journal, long at, MemorySegment uniqueId, MemorySegment into)
      throws SystemCallException {
    if (journal.read(into, at) < SIZE) {
      return null;
    }
    long magic = into.get(LONG, 0);
    boolean known = magic == RECORD || (magic == END && into.get(INT, CHECKSUM) == checksum(into));
    return known && into.asSlice(UNIQUE_ID, UNIQUE_ID_SIZE).mismatch(uniqueId) < 0
        ? new JournalBlock(magic, into.get(LONG, SEQUENCE), into)
        : null;
  }

  /** Makes the end of a journal. */
  static void putEnd(MemorySegment bytes, long sequence, UUID systemStart, MemorySegment uniqueId) {
    bytes.set(LONG, 0, END);
    bytes.set(LONG, SEQUENCE, sequence);
    bytes.set(LONG, LENGTH, systemStart.getMostSignificantBits());
    bytes.set(LONG, PAGE_SIZE, systemStart.getLeastSignificantBits());
    seal(bytes, uniqueId);
  }

  /** Makes the head of a record all of whose other bytes are there already. */
  static void putRecord(
      MemorySegment bytes, long sequence, int pageSize, int pages, MemorySegment uniqueId) {
    bytes.set(LONG, 0, RECORD);
    bytes.set(LONG, SEQUENCE, sequence);
    bytes.set(LONG, LENGTH, bytes.byteSize());
    bytes.set(INT, PAGE_SIZE, pageSize);
    bytes.set(INT, PAGES, pages);
    seal(bytes, uniqueId);
  }

  private static void seal(MemorySegment bytes, MemorySegment uniqueId) {
    bytes.asSlice(UNIQUE_ID, UNIQUE_ID_SIZE).copyFrom(uniqueId);
    bytes.set(INT, CHECKSUM, checksum(bytes));
  }

  /** Of a block, and what follows it if that is there. */
  private static int checksum(MemorySegment bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.asSlice(0, CHECKSUM).asByteBuffer());
    crc.update(bytes.asSlice(SIZE).asByteBuffer());
    return (int) crc.getValue();
  }

  boolean isRecord() {
    return magic == RECORD;
  }

  /** Whether the journal ends here, and was written since the system was last started. */
  boolean isEnd(UUID systemStart) {
    return magic == END
        && bytes.get(LONG, LENGTH) == systemStart.getMostSignificantBits()
        && bytes.get(LONG, PAGE_SIZE) == systemStart.getLeastSignificantBits();
  }

  /** How many bytes the record has; anything when it is damaged. */
  long length() {
    return bytes.get(LONG, LENGTH);
  }

  int pageSize() {
    return bytes.get(INT, PAGE_SIZE);
  }

  int pages() {
    return bytes.get(INT, PAGES);
  }

  /** Whether a record is as it was written. */
  static boolean isSound(MemorySegment record) {
    return record.get(INT, CHECKSUM) == checksum(record);
  }
}
