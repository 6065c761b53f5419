package org.postern.driver.lmdb;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.Duplicates;
import org.postern.driver.file.TryBits;
import org.postern.platform.libc.SystemCallException;
import org.postern.platform.text.FileTrouble;
import org.postern.spi.BulkLoad;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;

/**
 * A load in one transaction, as postmap(1) does it: whoever reads the table sees all of it or
 * nothing.
 */
final class Load implements BulkLoad {
  private final Duplicates duplicates;
  private final LoadTarget target;
  private final Transaction transaction;

  /**
   * @param target closed with this
   * @param anew whether what is in the table goes
   */
  Load(Duplicates duplicates, LoadTarget target, boolean anew)
      throws SystemCallException, CorruptFileException {
    this.duplicates = duplicates;
    this.target = target;
    MemorySegment start = PageBuffers.ofThisThread().start();
    Meta newest = Meta.newest(start.asSlice(0, target.file().read(start, 0)));
    this.transaction = new Transaction(target.file(), target.file().size(), newest);
    if (anew) {
      transaction.entries().clear();
    }
  }

  /** With a NUL after key and value, unless the flags ask for the other form alone. */
  @Override
  public void put(byte[] key, byte[] value, int flags) throws TableUnavailableException {
    boolean nul = (TryBits.of(flags) & TableFlags.TRY1NULL) != 0;
    byte[] stored = nul ? Arrays.copyOf(key, key.length + 1) : key;
    byte[] storedValue = nul ? Arrays.copyOf(value, value.length + 1) : value;
    if (key.length == 0 || stored.length > LmdbTable.LONGEST_KEY) {
      throw new TableUnavailableException(
          duplicates.table() + ": " + LmdbTable.cannotBeStored(key, nul));
    }
    try {
      if ((flags & TableFlags.DUP_REPLACE) != 0) {
        transaction.entries().put(stored, storedValue);
      } else if (!transaction.entries().add(stored, storedValue)) {
        duplicates.report(key, flags);
      }
      transaction.makeRoom();
    } catch (SystemCallException | CorruptFileException e) {
      throw unavailable(e.getMessage(), e);
    }
  }

  @Override
  public void commit() throws TableUnavailableException {
    try {
      transaction.commit();
      target.commit();
    } catch (SystemCallException | CorruptFileException e) {
      throw unavailable(e.getMessage(), e);
    } catch (IOException e) {
      throw unavailable(FileTrouble.words(e), e);
    }
  }

  private TableUnavailableException unavailable(@Nullable String reason, Exception cause) {
    return new TableUnavailableException(duplicates.table() + ": " + reason, cause);
  }

  @Override
  public void close() {
    transaction.close();
    target.close();
  }
}
