package org.postern.host.protocol;

/**
 * What a client asks. Strings are byte strings: one char for each byte of the wire.
 *
 * <p>{@code table} is {@code type:name} as sent, {@code proxy:} included, but of one that is too
 * long to be approved: of that only the beginning of the name is there, and no key or value. {@code
 * instanceFlags} name the instance of the table, {@code flags} are the request's own. Arrays are
 * never changed.
 */
@SuppressWarnings("ArrayRecordComponent") // requests are never compared; a copy would be waste
public sealed interface Request {

  RequestKind kind();

  Dialect dialect();

  /** A request that names a table. */
  sealed interface OfTable extends Request {
    String table();

    int instanceFlags();

    int flags();

    /** How many bytes it holds beside its table's name. */
    default int size() {
      return 0;
    }
  }

  record Open(Dialect dialect, String table, int instanceFlags, int flags) implements OfTable {
    @Override
    public RequestKind kind() {
      return RequestKind.OPEN;
    }
  }

  record Lookup(Dialect dialect, String table, int instanceFlags, int flags, byte[] key)
      implements OfTable {
    @Override
    public RequestKind kind() {
      return RequestKind.LOOKUP;
    }

    @Override
    public int size() {
      return key.length;
    }
  }

  record Update(
      Dialect dialect, String table, int instanceFlags, int flags, byte[] key, byte[] value)
      implements OfTable {
    @Override
    public RequestKind kind() {
      return RequestKind.UPDATE;
    }

    @Override
    public int size() {
      return key.length + value.length;
    }
  }

  record Delete(Dialect dialect, String table, int instanceFlags, int flags, byte[] key)
      implements OfTable {
    @Override
    public RequestKind kind() {
      return RequestKind.DELETE;
    }

    @Override
    public int size() {
      return key.length;
    }
  }

  /**
   * A step of a walk through a table.
   *
   * @param first true for the first entry, false for the next one
   */
  record Sequence(Dialect dialect, String table, int instanceFlags, int flags, boolean first)
      implements OfTable {
    @Override
    public RequestKind kind() {
      return RequestKind.SEQUENCE;
    }
  }

  /**
   * A whole message that is no request.
   *
   * @param kind what it would have been
   * @param complaint what is wrong with it, for the log; printable
   */
  record Malformed(RequestKind kind, Dialect dialect, String complaint) implements Request {}
}
