package org.postern.driver.pattern.libc;

/** A pattern that the library cannot compile, with the reason in its words. */
public final class BadPatternException extends Exception {
  private static final long serialVersionUID = 1L;

  public BadPatternException(String message) {
    super(message);
  }
}
