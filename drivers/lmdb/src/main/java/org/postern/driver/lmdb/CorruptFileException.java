package org.postern.driver.lmdb;

/** A file is not what it should be. */
final class CorruptFileException extends Exception {
  private static final long serialVersionUID = 1;

  CorruptFileException(String reason) {
    super(reason, null, false, false);
  }

  /**
   * Something is wrong with a page.
   *
   * @param page its number
   */
  CorruptFileException(long page, String reason) {
    this("page " + Long.toUnsignedString(page) + ": " + reason);
  }
}
