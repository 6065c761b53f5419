package org.postern.driver.file;

import org.jspecify.annotations.Nullable;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.TableFlags;

/**
 * An indexed file has keys and values with a NUL after them, or without: whoever wrote it decided.
 * {@link TableFlags#TRY1NULL} and {@link TableFlags#TRY0NULL} say which form is looked for; both
 * mean "find out".
 */
public final class TryBits {
  /** Both forms. */
  public static final int BOTH = TableFlags.TRY0NULL | TableFlags.TRY1NULL;

  private TryBits() {}

  /** The try bits in flags; a client that asks for neither form means both. */
  public static int of(int flags) {
    int asked = flags & BOTH;
    return asked == 0 ? BOTH : asked;
  }

  /** Finds a key in one form. */
  public interface Search<E extends Exception> {
    /**
     * The value, or null when there is no such key.
     *
     * @param nul whether the key has a NUL after it in the file
     */
    byte @Nullable [] find(byte[] key, boolean nul) throws E;
  }

  /** Looks a key up with a NUL after it, then without, as far as the flags ask for it. */
  public static <E extends Exception> LookupResult lookup(
      byte[] key, int requestFlags, Search<E> search) throws E {
    int tried = of(requestFlags);
    if ((tried & TableFlags.TRY1NULL) != 0) {
      byte[] value = search.find(key, true);
      if (value != null) {
        return new Found(value, TableFlags.TRY0NULL);
      }
    }
    if ((tried & TableFlags.TRY0NULL) != 0) {
      byte[] value = search.find(key, false);
      if (value != null) {
        return new Found(value, TableFlags.TRY1NULL);
      }
    }
    return NotFound.NOT_FOUND;
  }
}
