package org.postern.driver.berkeleydb;

import org.jspecify.annotations.Nullable;
import org.postern.spi.Entry;

/** How keys are found in a file: by hashing or by sorting. Immutable. */
sealed interface AccessMethod permits HashFile, BtreeFile, KeyIndex {

  /**
   * Finds a key.
   *
   * @param nul whether the key has a NUL after it in the file
   * @return the value up to its first NUL, or null when there is no such key
   */
  byte @Nullable [] find(Pages pages, byte[] key, boolean nul) throws CorruptFileException;

  /** A walk through all keys, from the first one on. */
  Walk walk();

  /** Tells of all pairs. */
  void forEach(Pages pages, KeyIndex.Pairs pairs) throws CorruptFileException;

  /** Where a walk is. Used by one thread at a time. */
  interface Walk {
    /** The next entry, or null after the last one. */
    @Nullable Entry next(Pages pages) throws CorruptFileException;
  }

  /** Reads the rest of the first page. */
  static AccessMethod read(Pages pages) throws CorruptFileException {
    return pages.file().maptype().equals("hash") ? HashFile.read(pages) : BtreeFile.read(pages);
  }
}
