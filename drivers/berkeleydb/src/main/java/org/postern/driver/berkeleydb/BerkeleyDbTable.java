package org.postern.driver.berkeleydb;

import org.jspecify.annotations.Nullable;
import org.postern.driver.file.TryBits;
import org.postern.spi.Entry;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.SequenceResult;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;

/**
 * What hash and btree tables have in common, wherever their pages are: which form of a key is
 * tried, and what becomes of a corrupt file.
 */
abstract class BerkeleyDbTable implements Table {
  private final String file;
  private final int flags;

  /**
   * @param file for messages
   * @param instanceFlags the try bits that the client asked for, if any
   */
  BerkeleyDbTable(String file, int instanceFlags) {
    this.file = file;
    this.flags = TableFlags.FIXED | TryBits.of(instanceFlags);
  }

  @Override
  public final int flags() {
    return flags;
  }

  /**
   * Looks a key up with a NUL after it, then without, as far as the flags ask for it. Written out,
   * and not {@link TryBits#lookup}: through that, a lookup took 7 % longer.
   */
  final LookupResult find(AccessMethod method, Pages pages, byte[] key, int requestFlags) {
    int tried = TryBits.of(requestFlags);
    try {
      if ((tried & TableFlags.TRY1NULL) != 0) {
        byte[] value = method.find(pages, key, true);
        if (value != null) {
          return new Found(value, TableFlags.TRY0NULL);
        }
      }
      if ((tried & TableFlags.TRY0NULL) != 0) {
        byte[] value = method.find(pages, key, false);
        if (value != null) {
          return new Found(value, TableFlags.TRY1NULL);
        }
      }
      return NotFound.NOT_FOUND;
    } catch (CorruptFileException e) {
      return retry(e);
    } catch (IndexOutOfBoundsException e) {
      return beyond();
    }
  }

  final SequenceResult step(AccessMethod.Walk walk, Pages pages) {
    try {
      @Nullable Entry entry = walk.next(pages);
      return entry == null ? NotFound.NOT_FOUND : entry;
    } catch (CorruptFileException e) {
      return retry(e);
    } catch (IndexOutOfBoundsException e) {
      return beyond();
    }
  }

  final Retry retry(Exception cause) {
    return new Retry(file + ": " + cause.getMessage());
  }

  final Retry beyond() {
    return retry(new CorruptFileException(0, "the file refers to bytes that it does not have"));
  }

  @Override
  public abstract Sequence sequence(int requestFlags);
}
