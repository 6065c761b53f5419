package org.postern.host.protocol;

/** The {@code status} of a reply. */
public enum Status {
  /** Done, or found. */
  OK(0),
  /** No such key, or the end of a walk. */
  NOKEY(1),
  /** The table cannot answer now. */
  RETRY(2),
  /** The request makes no sense. */
  BAD(3),
  /** The table is not approved, or the service does not change tables. */
  DENY(4),
  /** The table answered with something that must not be used. */
  CONFIG(5);

  private final int number;

  Status(int number) {
    this.number = number;
  }

  /** As it stands in a reply. */
  public int number() {
    return number;
  }
}
