package org.postern.spi;

/**
 * The flags of Postfix's table protocol (dict(3)): asked for by a client with each table or
 * request, and shown in replies. One {@code int}, one bit each.
 */
public final class TableFlags {
  /** Warn about a duplicate key where the type cannot hold one. */
  public static final int DUP_WARN = 1 << 0;

  /** Ignore a duplicate key where the type cannot hold one. */
  public static final int DUP_IGNORE = 1 << 1;

  /** Look the key up as it is: the file was written without a NUL after keys and values. */
  public static final int TRY0NULL = 1 << 2;

  /** Look the key up with a NUL after it: the file was written with one. */
  public static final int TRY1NULL = 1 << 3;

  /** Keys are fixed strings. */
  public static final int FIXED = 1 << 4;

  /** Keys are patterns, or computed. */
  public static final int PATTERN = 1 << 5;

  /** Lock the file during each access. */
  public static final int LOCK = 1 << 6;

  /** Replace the value of a duplicate key. */
  public static final int DUP_REPLACE = 1 << 7;

  /** Have each update on disk before it is acknowledged. */
  public static final int SYNC_UPDATE = 1 << 8;

  /** Don't let a pattern's matches into the result. */
  public static final int NO_REGSUB = 1 << 11;

  /** Don't use the proxymap service. */
  public static final int NO_PROXY = 1 << 12;

  /** Don't use tables over an unauthenticated network. */
  public static final int NO_UNAUTH = 1 << 13;

  /** Fold the case of keys of {@link #FIXED} tables. The host does it. */
  public static final int FOLD_FIX = 1 << 14;

  /** Fold the case of keys of {@link #PATTERN} tables. The host does it. */
  public static final int FOLD_MUL = 1 << 15;

  /** Lock the file as long as it is open. */
  public static final int OPEN_LOCK = 1 << 16;

  /** Many updates are to come. */
  public static final int BULK_UPDATE = 1 << 17;

  /** The type is safe with several writing processes. */
  public static final int MULTI_WRITER = 1 << 18;

  /** Check keys and values for UTF-8. The host does it. */
  public static final int UTF8_REQUEST = 1 << 19;

  /** Keys and values are checked for UTF-8. The host sets it. */
  public static final int UTF8_ACTIVE = 1 << 20;

  /** Values in the table's source name files that hold the values. */
  public static final int SRC_RHS_IS_FILE = 1 << 21;

  /** This table stands in for one that cannot be opened. The host sets it. */
  public static final int SURROGATE = 1 << 22;

  private TableFlags() {}
}
