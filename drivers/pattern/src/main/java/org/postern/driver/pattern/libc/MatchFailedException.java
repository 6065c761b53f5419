package org.postern.driver.pattern.libc;

/** A match that the library gave up, with the reason in its words. */
public final class MatchFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  public MatchFailedException(String message) {
    super(message, null, false, false);
  }
}
