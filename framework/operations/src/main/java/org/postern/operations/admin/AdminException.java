package org.postern.operations.admin;

/** A request that cannot be fulfilled; the message says why, to the operator. */
public final class AdminException extends Exception {
  private static final long serialVersionUID = 1;

  public AdminException(String message) {
    super(message);
  }
}
