package org.postern.host.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import org.postern.platform.text.ByteStrings;

/**
 * Gives the same String for the same bytes, most of the time, so that a request for a table that
 * was asked before makes no new one and its hash code is known. Holds a fixed number of names,
 * however many a client invents.
 */
final class TableNames {
  private static final int PLACES = 256;
  private static final int LONGEST = 1024;
  private static final byte[] PROXY = ByteStrings.bytes("proxy:");

  private final Name[] seen = new Name[PLACES];

  TableNames() {
    Arrays.fill(seen, new Name(new byte[0], ""));
  }

  /**
   * The name in these bytes; what is over a limit, of one that is longer without {@code proxy:}
   * before it, is cut off.
   *
   * @param limit at least the length of any name that is approved, so that none is cut
   */
  String get(byte[] bytes, int from, int to, int limit) {
    if (to - from > LONGEST) {
      int start = from;
      while (startsWithProxy(bytes, start, to)) {
        start += PROXY.length;
      }
      return new String(bytes, start, Math.min(to - start, limit + 1), ISO_8859_1);
    }
    int hash = 0;
    for (int at = from; at < to; at++) {
      hash = 31 * hash + bytes[at];
    }
    int place = (hash ^ hash >>> 16) & (PLACES - 1);
    Name there = seen[place];
    if (!Arrays.equals(bytes, from, to, there.bytes, 0, there.bytes.length)) {
      byte[] copy = Arrays.copyOfRange(bytes, from, to);
      there = new Name(copy, ByteStrings.of(copy));
      seen[place] = there;
    }
    return there.text;
  }

  private static boolean startsWithProxy(byte[] bytes, int from, int to) {
    int end = from + PROXY.length;
    return end <= to && Arrays.equals(bytes, from, end, PROXY, 0, PROXY.length);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  private record Name(byte[] bytes, String text) {}
}
