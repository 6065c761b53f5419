package org.postern.driver.cdb;

/** A file is not what it should be. */
final class CorruptFileException extends Exception {
  private static final long serialVersionUID = 1;

  CorruptFileException(String where) {
    super(where, null, false, false);
  }
}
