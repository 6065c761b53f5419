package org.postern.spi;

/** A table cannot be opened now. */
public final class TableUnavailableException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param reason for the log and for {@code postern check}: names the file, the line where there
   *     is one, and what is wrong, as Postfix words it: {@code open database /etc/x.db: No such
   *     file or directory}
   */
  public TableUnavailableException(String reason) {
    super(reason);
  }

  public TableUnavailableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
