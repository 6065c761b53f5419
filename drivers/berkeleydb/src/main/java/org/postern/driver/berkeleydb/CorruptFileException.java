package org.postern.driver.berkeleydb;

/** A file is not what it should be. */
final class CorruptFileException extends Exception {
  private static final long serialVersionUID = 1;

  CorruptFileException(long page, String reason) {
    super("page " + page + ": " + reason, null, false, false);
  }
}
