package org.postern.driver.cdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.postern.driver.file.Duplicates;
import org.postern.driver.file.IndexedFile;
import org.postern.driver.file.Replacement;
import org.postern.platform.text.FileTrouble;
import org.postern.spi.BulkLoad;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;

/**
 * Makes a table anew, byte for byte as postmap(1) makes it: the records in the order in which they
 * were put, where a replaced one counts as put again; then for each of the 256 tables twice as many
 * slots as it has records, filled in that order.
 */
final class Rebuild implements BulkLoad {
  private static final long LARGEST_FILE = 0xFFFF_FFFFL;
  private static final int SLOT = 8;

  private final Path path;
  private final Duplicates duplicates;
  private final Replacement replacement;
  private final NewRecords records;
  private final NewIndex index = new NewIndex();

  private Rebuild(IndexedFile file, System.Logger logger, Replacement replacement)
      throws IOException {
    this.path = file.path();
    this.duplicates = new Duplicates(file.source().toString(), logger);
    this.replacement = replacement;
    this.records = new NewRecords(replacement.channel());
  }

  static Rebuild begin(IndexedFile file, System.Logger logger) throws IOException {
    Replacement replacement = Replacement.of(file.path());
    try {
      return new Rebuild(file, logger, replacement);
    } catch (IOException | RuntimeException | Error e) {
      replacement.close();
      throw e;
    }
  }

  /**
   * Without a NUL after key and value, unless the flags ask for the other form alone. A duplicate
   * that is to be ignored is stored all the same, as Postfix does: a lookup finds the first one.
   */
  @Override
  public void put(byte[] key, byte[] value, int flags) throws TableUnavailableException {
    int form = flags & (TableFlags.TRY0NULL | TableFlags.TRY1NULL);
    boolean nul = form == TableFlags.TRY1NULL;
    byte[] stored = nul ? Arrays.copyOf(key, key.length + 1) : key;
    byte[] storedValue = nul ? Arrays.copyOf(value, value.length + 1) : value;
    try {
      int hash = CdbFile.hash(stored, false);
      if ((flags & TableFlags.DUP_IGNORE) == 0) {
        int found = index.find(hash, position -> records.isKey(position, stored));
        if (found >= 0 && (flags & TableFlags.DUP_REPLACE) == 0) {
          duplicates.report(key, flags);
          return;
        }
        if (found >= 0) {
          index.remove(found);
        }
      }
      // Each record takes two slots later on.
      long size =
          records.end()
              + SLOT
              + stored.length
              + storedValue.length
              + 2L * SLOT * (index.count() + 1L);
      if (size > LARGEST_FILE) {
        throw new IOException("a cdb file cannot be larger than 4 GB");
      }
      index.add(hash, records.add(stored, storedValue));
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  @Override
  public void commit() throws TableUnavailableException {
    try {
      if (index.gone() > 0) {
        compact();
      }
      putTables();
      replacement.commit();
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private void compact() throws IOException {
    long end = CdbFile.HEADER;
    for (int number = 0; number < index.count(); number++) {
      if (!index.isGone(number)) {
        long from = index.position(number);
        index.move(number, end);
        end = records.move(from, end);
      }
    }
    records.truncate(end);
  }

  private void putTables() throws IOException {
    int[] ends = ends();
    int[] sorted = sorted(ends);
    ByteBuffer header = NewRecords.buffer(CdbFile.HEADER);
    int from = 0;
    for (int table = 0; table < CdbFile.TABLES; table++) {
      int to = ends[table];
      header.putInt((int) records.end()).putInt(2 * (to - from));
      putTable(sorted, from, to);
      from = to;
    }
    records.putHeader(header.flip());
  }

  /** Where each table's records end when they are sorted by table. */
  private int[] ends() {
    int[] ends = new int[CdbFile.TABLES];
    for (int number = 0; number < index.count(); number++) {
      if (!index.isGone(number)) {
        ends[index.hash(number) & (CdbFile.TABLES - 1)]++;
      }
    }
    for (int table = 1; table < CdbFile.TABLES; table++) {
      ends[table] += ends[table - 1];
    }
    return ends;
  }

  /** The records' numbers, sorted by table and in each as they were. */
  private int[] sorted(int[] ends) {
    int[] next = new int[CdbFile.TABLES];
    System.arraycopy(ends, 0, next, 1, CdbFile.TABLES - 1);
    int[] sorted = new int[index.count() - index.gone()];
    for (int number = 0; number < index.count(); number++) {
      if (!index.isGone(number)) {
        sorted[next[index.hash(number) & (CdbFile.TABLES - 1)]++] = number;
      }
    }
    return sorted;
  }

  private void putTable(int[] sorted, int from, int to) throws IOException {
    int[] slots = new int[2 * (to - from)];
    for (int i = from; i < to; i++) {
      int slot = (index.hash(sorted[i]) >>> Byte.SIZE) % slots.length;
      while (slots[slot] != 0) {
        slot = slot + 1 == slots.length ? 0 : slot + 1;
      }
      slots[slot] = sorted[i] + 1;
    }
    for (int slot : slots) {
      if (slot == 0) {
        records.putNumbers(0, 0);
      } else {
        records.putNumbers(index.hash(slot - 1), (int) index.position(slot - 1));
      }
    }
  }

  private TableUnavailableException unavailable(IOException e) {
    return new TableUnavailableException(path + ": " + FileTrouble.words(e), e);
  }

  @Override
  public void close() {
    replacement.close();
  }
}
