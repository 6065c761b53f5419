package org.postern.driver.berkeleydb;

/** How keys are stored in a file and removed from it, in one transaction. */
sealed interface TableChanges permits BtreeChanges, HashChanges {
  /** The version of both types' files that Berkeley DB 5.3 and Postfix make. */
  int WRITABLE_VERSION = 9;

  /**
   * Stores a value unless the key has one. Both as they are to be in the file.
   *
   * @return whether it had none
   */
  boolean add(byte[] key, byte[] value) throws CorruptFileException;

  /** Stores a value, in place of the one that the key has. Both as they are to be in the file. */
  void put(byte[] key, byte[] value) throws CorruptFileException;

  /** Removes a key; false when there is none. */
  boolean remove(byte[] key) throws CorruptFileException;

  /**
   * Says how the transaction's file is changed.
   *
   * @throws CorruptFileException when it is of a kind that is read only
   */
  static TableChanges of(WritablePages pages) throws CorruptFileException {
    Page first = pages.page(0);
    if (pages.file().version() != WRITABLE_VERSION) {
      throw first.corrupt(
          "version "
              + pages.file().version()
              + " is only read; rebuild the file with postmap(1) of Berkeley DB 5");
    }
    if (first.u32(48) != 0) {
      throw first.corrupt("a file that holds several values for a key is only read");
    }
    return pages.file().maptype().equals("hash") ? HashChanges.of(pages) : BtreeChanges.of(pages);
  }
}
