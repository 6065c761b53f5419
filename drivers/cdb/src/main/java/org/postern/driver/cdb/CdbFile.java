package org.postern.driver.cdb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.CStrings;
import org.postern.spi.Entry;

/**
 * The format. All numbers have four bytes, little-endian.
 *
 * <pre>
 * 0     256 hash tables: position, number of slots
 * 2048  records: length of the key, length of the value, key, value
 * then  the slots of the hash tables: hash, position of the record or 0
 * </pre>
 *
 * The low eight bits of a key's hash name its table, the rest its first slot there. Immutable, used
 * by any thread.
 */
final class CdbFile {
  static final int TABLES = 256;
  private static final int PAIR = 8;
  static final int HEADER = TABLES * PAIR;
  private static final int FIRST_HASH = 5381;

  private final CdbBytes bytes;

  /**
   * A file, at whose header this looks.
   *
   * @throws CorruptFileException when it is no cdb file, or not all of one
   */
  CdbFile(CdbBytes bytes) throws CorruptFileException {
    this.bytes = bytes;
    if (bytes.size() < HEADER) {
      throw new CorruptFileException("it is no cdb file: shorter than " + HEADER + " bytes");
    }
    for (int table = 0; table < TABLES; table++) {
      long at = number((long) table * PAIR);
      long end = at + number((long) table * PAIR + 4) * PAIR;
      if (at < HEADER || end > bytes.size()) {
        throw new CorruptFileException(
            "it is no cdb file, or was cut short: table %d ends at byte %d of %d"
                .formatted(table, end, bytes.size()));
      }
    }
  }

  /**
   * Finds a key.
   *
   * @param nul whether the key has a NUL after it in the file
   * @return the first value, up to its first NUL, or null when there is no such key
   * @throws CorruptFileException when the file is damaged where the key would be
   */
  byte @Nullable [] find(byte[] key, boolean nul) throws CorruptFileException {
    int hash = hash(key, nul);
    long header = (long) (hash & (TABLES - 1)) * PAIR;
    long table = number(header);
    long slots = number(header + 4);
    if (slots == 0) {
      return null;
    }
    long slot = (hash >>> 8) % slots;
    for (long tried = 0; tried < slots; tried++) {
      long at = table + slot * PAIR;
      long record = number(at + 4);
      if (record == 0) {
        return null;
      }
      if ((int) number(at) == hash && keyAt(record, key, nul)) {
        return string(record + PAIR + number(record), number(record + 4));
      }
      slot = slot + 1 == slots ? 0 : slot + 1;
    }
    return null;
  }

  static int hash(byte[] key, boolean nul) {
    int hash = FIRST_HASH;
    for (byte b : key) {
      hash = (hash * 33) ^ (b & 0xFF);
    }
    return nul ? hash * 33 : hash;
  }

  private boolean keyAt(long record, byte[] key, boolean nul) throws CorruptFileException {
    if (number(record) != key.length + (nul ? 1 : 0)) {
      return false;
    }
    long at = record + PAIR;
    int length = nul ? key.length + 1 : key.length;
    range(at, length);
    MemorySegment stored = bytes.slice(at, length);
    for (int i = 0; i < key.length; i++) {
      if (stored.get(JAVA_BYTE, i) != key[i]) {
        return false;
      }
    }
    return !nul || stored.get(JAVA_BYTE, key.length) == 0;
  }

  /** A walk through the records in the order of the file. Used by one thread at a time. */
  final class Walk {
    private long record = HEADER;

    /** The next entry, or null after the last one. */
    @Nullable Entry next() throws CorruptFileException {
      long end = Math.max(HEADER, number(0));
      if (record >= end) {
        return null;
      }
      long keyLength = number(record);
      long valueLength = number(record + 4);
      long key = record + PAIR;
      if (key + keyLength + valueLength > end) {
        throw corrupt(record, "a record reaches beyond the last one");
      }
      record = key + keyLength + valueLength;
      return new Entry(string(key, keyLength), string(key + keyLength, valueLength));
    }
  }

  private long number(long at) throws CorruptFileException {
    range(at, 4);
    return bytes.number(at);
  }

  private byte[] string(long at, long length) throws CorruptFileException {
    range(at, length);
    return CStrings.untilNul(bytes.slice(at, length), 0, Math.toIntExact(length));
  }

  private void range(long at, long length) throws CorruptFileException {
    if (at + length > bytes.size()) {
      throw corrupt(at, "is referred to, but the file has " + bytes.size() + " bytes");
    }
  }

  private static CorruptFileException corrupt(long at, String reason) {
    return new CorruptFileException("byte " + at + ": " + reason);
  }
}
