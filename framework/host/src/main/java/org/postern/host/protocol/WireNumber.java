package org.postern.host.protocol;

/**
 * Numbers as Postfix reads them from the wire, by sscanf(3) with {@code %u}: white space and a sign
 * may come first, nothing may follow, and what does not fit is cut to 32 bits.
 */
final class WireNumber {
  static final long INVALID = -1;

  private WireNumber() {}

  /** The number, 0 to 2^32 - 1, or {@link #INVALID}. */
  static long parse(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && isSpace(bytes[at])) {
      at++;
    }
    boolean negative = false;
    if (at < to && (bytes[at] == '-' || bytes[at] == '+')) {
      negative = bytes[at++] == '-';
    }
    if (at == to) {
      return INVALID;
    }
    long magnitude = 0;
    boolean overflow = false;
    for (; at < to; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        return INVALID;
      }
      // strtoul(3): beyond 64 bits the result is the greatest unsigned number, sign or not.
      overflow |= Long.compareUnsigned(magnitude, Long.divideUnsigned(-1L - digit, 10)) > 0;
      magnitude = magnitude * 10 + digit;
    }
    long value = overflow ? -1L : negative ? -magnitude : magnitude;
    return value & 0xFFFF_FFFFL;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }
}
