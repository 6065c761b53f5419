package org.postern.platform.libc;

/** A system call failed. */
public final class SystemCallException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param reason in the C library's words: {@code No such file or directory}
   */
  public SystemCallException(String reason) {
    super(reason, null, false, false);
  }
}
