package org.postern.driver.berkeleydb;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.TryBits;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.TableFlags;

/** A change that somebody waits for. Ended by one thread, then published by its table's groups. */
abstract sealed class Change {
  private static final Retry NOT_MADE = new Retry("the change was not made");

  private final byte[] key;
  private final int tried;
  private @Nullable ChangeResult result;

  private Change(byte[] key, int flags) {
    this.key = key;
    this.tried = TryBits.of(flags);
  }

  /** Makes the change in a transaction. */
  abstract ChangeResult make(TableChanges table, Pages pages) throws CorruptFileException;

  /** How it ended. */
  final ChangeResult result() {
    return result == null ? NOT_MADE : result;
  }

  final void end(ChangeResult ended) {
    result = ended;
  }

  /** Whether a form of the key may be in the file: with a NUL after it, or without. */
  final boolean tries(boolean nul) {
    return (tried & (nul ? TableFlags.TRY1NULL : TableFlags.TRY0NULL)) != 0;
  }

  /** The key as it is in the file. */
  final byte[] key(boolean nul) {
    return inForm(key, nul);
  }

  static byte[] inForm(byte[] bytes, boolean nul) {
    return nul ? Arrays.copyOf(bytes, bytes.length + 1) : bytes;
  }

  /** A change of the key in one form: the client need not try the other one any more. */
  private static Changed changed(boolean nul) {
    return new Changed(nul ? TableFlags.TRY0NULL : TableFlags.TRY1NULL);
  }

  /**
   * Stores a value. Where the form is to be found out, it is the one that the key has in the file,
   * and for a new key the one with a NUL, as Postfix writes.
   */
  static final class Update extends Change {
    private final byte[] value;

    Update(byte[] key, byte[] value, int flags) {
      super(key, flags);
      this.value = value;
    }

    @Override
    ChangeResult make(TableChanges table, Pages pages) throws CorruptFileException {
      boolean nul = tries(true) && !(tries(false) && isOnlyWithoutNul(pages));
      table.put(key(nul), inForm(value, nul));
      return changed(nul);
    }

    private boolean isOnlyWithoutNul(Pages pages) throws CorruptFileException {
      AccessMethod method = AccessMethod.read(pages);
      return method.find(pages, key(false), true) == null
          && method.find(pages, key(false), false) != null;
    }
  }

  /** Removes a key, in both forms if both are tried: else the other one would be found then. */
  static final class Delete extends Change {
    Delete(byte[] key, int flags) {
      super(key, flags);
    }

    @Override
    ChangeResult make(TableChanges table, Pages pages) throws CorruptFileException {
      boolean removedWithNul = tries(true) && table.remove(key(true));
      boolean removedWithout = tries(false) && table.remove(key(false));
      return removedWithNul || removedWithout ? changed(removedWithNul) : NotFound.NOT_FOUND;
    }
  }
}
