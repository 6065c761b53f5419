package org.postern.driver.berkeleydb;

/** Where the pages of one file come from, for the time of one operation. */
interface Pages {

  FileHeader file();

  /**
   * A page of the file.
   *
   * @throws CorruptFileException when the file has no such page
   */
  Page page(long number) throws CorruptFileException;

  /** Checks that the file has such a page. */
  default void checkNumber(long number) throws CorruptFileException {
    if (number < 0 || number >= file().pages()) {
      throw new CorruptFileException(
          number, "is referred to, but the file has " + file().pages() + " pages");
    }
  }
}
