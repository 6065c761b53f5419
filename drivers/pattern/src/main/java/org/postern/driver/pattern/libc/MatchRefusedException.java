package org.postern.driver.pattern.libc;

/** A match that is not begun, since it could take too much: whether there is one is not known. */
public final class MatchRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  public MatchRefusedException(String message) {
    super(message, null, false, false);
  }
}
