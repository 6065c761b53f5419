package org.postern.driver.ldap;

/** A lookup that cannot be answered now. */
final class LookupFailedException extends Exception {
  private static final long serialVersionUID = 1;

  private final String reason;

  /**
   * @param reason for the log, in Postfix's words where it has any
   */
  LookupFailedException(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
