package org.postern.host.protocol;

import org.postern.spi.TableFlags;

/** The two forms of requests and replies. Each request tells its own. */
public enum Dialect {
  /**
   * Postfix 3.10 and older: {@code flags} follows {@code table}; replies show flags for open only.
   */
  OLD,
  /** Postfix 3.11 and newer: {@code instance_flags} follows {@code table}; replies show flags. */
  NEW;

  /**
   * Flags that an old client sends with each request, and that say nothing about the open table.
   */
  private static final int OLD_REQUEST_FLAGS =
      TableFlags.FOLD_FIX
          | TableFlags.FOLD_MUL
          | TableFlags.LOCK
          | TableFlags.DUP_REPLACE
          | TableFlags.DUP_WARN
          | TableFlags.DUP_IGNORE
          | TableFlags.SYNC_UPDATE
          | TableFlags.NO_REGSUB
          | TableFlags.NO_PROXY
          | TableFlags.NO_UNAUTH
          | TableFlags.UTF8_REQUEST;

  /** Flags that a table sets itself, whatever a client asks. */
  private static final int OLD_TABLE_FLAGS =
      TableFlags.FIXED | TableFlags.PATTERN | TableFlags.MULTI_WRITER;

  /**
   * The flags in force for a request: a new client's replace those of the table, an old client's
   * replace only those that may change from request to request.
   *
   * @param tableFlags the table's own flags
   */
  public int effectiveFlags(int requestFlags, int instanceFlags, int tableFlags) {
    return switch (this) {
      case OLD ->
          tableFlags
              | (instanceFlags & ~(OLD_REQUEST_FLAGS | OLD_TABLE_FLAGS))
              | (requestFlags & OLD_REQUEST_FLAGS);
      case NEW -> requestFlags;
    };
  }
}
