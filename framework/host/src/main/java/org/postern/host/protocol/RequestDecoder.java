package org.postern.host.protocol;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.ByteStrings;

/**
 * Says what a message asks. The order of attributes is strict; what comes after the last one wanted
 * is ignored, as attr_scan0(3) does. One decoder serves all connections of a thread.
 */
public final class RequestDecoder {
  /** More of what is no request is not shown. */
  private static final int LONGEST = 4000;

  private static final byte[] NOTHING = {};
  private static final byte[] REQUEST = ByteStrings.bytes("request");
  private static final byte[] TABLE = ByteStrings.bytes("table");
  private static final byte[] INSTANCE_FLAGS = ByteStrings.bytes("instance_flags");
  private static final byte[] FLAGS = ByteStrings.bytes("flags");
  private static final byte[] KEY = ByteStrings.bytes("key");
  private static final byte[] VALUE = ByteStrings.bytes("value");
  private static final byte[] FUNCTION = ByteStrings.bytes("function");

  private static final RequestKind[] KINDS = {
    RequestKind.LOOKUP,
    RequestKind.OPEN,
    RequestKind.SEQUENCE,
    RequestKind.UPDATE,
    RequestKind.DELETE
  };
  private static final byte[][] KIND_NAMES =
      Arrays.stream(KINDS)
          .map(kind -> ByteStrings.bytes(kind.requestName()))
          .toArray(byte[][]::new);

  private final TableNames tableNames = new TableNames();

  /**
   * Decodes the message that the framer stands at.
   *
   * @param longestTable no table with a longer name is approved: of such a request nothing is kept
   *     but the beginning of the name
   */
  public Request decode(RequestFramer message, int longestTable) {
    if (message.attributes() == 0 || !named(message, 0, REQUEST)) {
      return new Request.Malformed(
          RequestKind.UNKNOWN, Dialect.OLD, "the first attribute is not \"request\"");
    }
    RequestKind kind = kind(message);
    if (kind == RequestKind.UNKNOWN) {
      return new Request.Malformed(
          kind, Dialect.OLD, "unrecognized request: \"" + printableValue(message, 0) + "\"");
    }
    Dialect dialect =
        message.attributes() > 2 && named(message, 2, INSTANCE_FLAGS) ? Dialect.NEW : Dialect.OLD;
    Request request = decode(message, kind, dialect, longestTable);
    return request != null
        ? request
        : new Request.Malformed(
            kind, dialect, "malformed request: \"" + printableValue(message, 0) + "\"");
  }

  private @Nullable Request decode(
      RequestFramer message, RequestKind kind, Dialect dialect, int longestTable) {
    if (!has(message, 1, TABLE)) {
      return null;
    }
    boolean modern = dialect == Dialect.NEW;
    long instanceNumber = modern ? number(message, 2, INSTANCE_FLAGS) : number(message, 2, FLAGS);
    if (instanceNumber < 0) {
      return null;
    }
    String table =
        tableNames.get(message.bytes(), message.valueStart(1), message.valueEnd(1), longestTable);
    boolean kept = table.length() <= longestTable;
    int flags = (int) instanceNumber;
    int instanceFlags = flags;
    if (kind == RequestKind.OPEN) {
      return new Request.Open(dialect, table, instanceFlags, flags);
    }
    int next = 3;
    if (modern) {
      long number = number(message, next++, FLAGS);
      if (number < 0) {
        return null;
      }
      flags = (int) number;
    }
    return switch (kind) {
      case LOOKUP ->
          has(message, next, KEY)
              ? new Request.Lookup(dialect, table, instanceFlags, flags, value(message, next, kept))
              : null;
      case DELETE ->
          has(message, next, KEY)
              ? new Request.Delete(dialect, table, instanceFlags, flags, value(message, next, kept))
              : null;
      case UPDATE ->
          has(message, next, KEY) && has(message, next + 1, VALUE)
              ? new Request.Update(
                  dialect,
                  table,
                  instanceFlags,
                  flags,
                  value(message, next, kept),
                  value(message, next + 1, kept))
              : null;
      case SEQUENCE ->
          switch ((int) number(message, next, FUNCTION)) {
            case 0 -> new Request.Sequence(dialect, table, instanceFlags, flags, true);
            case 1 -> new Request.Sequence(dialect, table, instanceFlags, flags, false);
            default -> null;
          };
      case OPEN, UNKNOWN -> throw new IllegalStateException(kind.name());
    };
  }

  private static RequestKind kind(RequestFramer message) {
    for (int i = 0; i < KINDS.length; i++) {
      if (equal(message.bytes(), message.valueStart(0), message.valueEnd(0), KIND_NAMES[i])) {
        return KINDS[i];
      }
    }
    return RequestKind.UNKNOWN;
  }

  private static boolean has(RequestFramer message, int attribute, byte[] name) {
    return attribute < message.attributes() && named(message, attribute, name);
  }

  private static boolean named(RequestFramer message, int attribute, byte[] name) {
    return equal(message.bytes(), message.nameStart(attribute), message.nameEnd(attribute), name);
  }

  private static boolean equal(byte[] bytes, int from, int to, byte[] expected) {
    return Arrays.equals(bytes, from, to, expected, 0, expected.length);
  }

  private static byte[] value(RequestFramer message, int attribute, boolean kept) {
    return kept
        ? Arrays.copyOfRange(
            message.bytes(), message.valueStart(attribute), message.valueEnd(attribute))
        : NOTHING;
  }

  /** An unsigned 32-bit number, or -1 when the attribute is missing or is none. */
  private static long number(RequestFramer message, int attribute, byte[] name) {
    return has(message, attribute, name)
        ? WireNumber.parse(
            message.bytes(), message.valueStart(attribute), message.valueEnd(attribute))
        : WireNumber.INVALID;
  }

  private static String printableValue(RequestFramer message, int attribute) {
    int start = message.valueStart(attribute);
    int end = Math.min(message.valueEnd(attribute), start + LONGEST);
    return ByteStrings.printableBeginning(Arrays.copyOfRange(message.bytes(), start, end));
  }
}
