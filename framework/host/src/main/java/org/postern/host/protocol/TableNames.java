package org.postern.host.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import org.postern.host.text.ByteStrings;

/**
 * Gives the same String for the same bytes, most of the time, so that a request for a table that
 * was asked before makes no new one and its hash code is known. Holds a fixed number of names,
 * however many a client invents.
 */
final class TableNames {
  private static final int PLACES = 256;
  private static final int LONGEST = 1024;

  private final Name[] seen = new Name[PLACES];

  TableNames() {
    Arrays.fill(seen, new Name(new byte[0], ""));
  }

  String get(byte[] bytes, int from, int to) {
    if (to - from > LONGEST) {
      return new String(bytes, from, to - from, ISO_8859_1);
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

  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
  private record Name(byte[] bytes, String text) {}
}
