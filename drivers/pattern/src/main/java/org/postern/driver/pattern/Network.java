package org.postern.driver.pattern;

import org.postern.driver.pattern.libc.InternetAddress;
import org.postern.platform.text.ByteText;

/**
 * A block of addresses that begin with the same bits: cidr_table(5).
 *
 * @param high the network's first 64 bits; IPv4 uses the first 32 of them
 * @param low an IPv6 network's last 64 bits
 * @param length how many of the bits count
 */
record Network(boolean ipv6, long high, long low, int length) {
  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;

  /** A pattern that is wrong, in Postfix's words. */
  static final class BadNetworkException extends Exception {
    private static final long serialVersionUID = 1L;

    BadNetworkException(String message) {
      super(message);
    }
  }

  /**
   * Reads {@code address}, {@code address/length}, {@code [address]/length} or {@code
   * [address/length]}.
   *
   * @param pattern a byte string
   */
  static Network parse(String pattern) throws BadNetworkException {
    String address = pattern;
    String mask = null;
    if (pattern.startsWith("[")) {
      int close = pattern.indexOf(']');
      if (close < 0) {
        throw bad("missing ']' character after \"[%s\"", pattern.substring(1));
      }
      address = pattern.substring(1, close);
      String after = pattern.substring(close + 1);
      if (after.startsWith("/")) {
        mask = after.substring(1);
      } else if (!after.isEmpty()) {
        throw bad("garbage after \"[%s]\"", address);
      }
    }
    int slash = address.indexOf('/');
    if (mask == null && slash >= 0) {
      mask = address.substring(slash + 1);
      address = address.substring(0, slash);
    }
    return mask == null ? host(address) : network(address, mask);
  }

  private static Network host(String address) throws BadNetworkException {
    InternetAddress parsed = InternetAddress.ofThisThread();
    if (!parsed.parse(ByteText.bytes(address))) {
      throw bad("bad address pattern: \"%s\"", address);
    }
    return new Network(
        parsed.isIpv6(), parsed.high(), parsed.low(), parsed.isIpv6() ? IPV6_BITS : IPV4_BITS);
  }

  private static Network network(String address, String mask) throws BadNetworkException {
    boolean ipv6 = address.indexOf(':') >= 0;
    if (mask.isEmpty() || !mask.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw bad("bad mask value in \"%s/%s\"", address, mask);
    }
    int length = mask.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(mask);
    if (length > (ipv6 ? IPV6_BITS : IPV4_BITS)) {
      throw bad("bad mask length in \"%s/%s\"", address, mask);
    }
    InternetAddress parsed = InternetAddress.ofThisThread();
    if (!parsed.parse(ByteText.bytes(address))) {
      throw bad("bad network value in \"%s/%s\"", address, mask);
    }
    long high = parsed.high() & highMask(length);
    long low = parsed.low() & lowMask(length);
    if (high != parsed.high() || low != parsed.low()) {
      throw bad(
          "non-null host address bits in \"%s/%s\", perhaps you should use \"%s/%d\" instead",
          address, mask, InternetAddress.format(ipv6, high, low), length);
    }
    return new Network(ipv6, high, low, length);
  }

  boolean contains(boolean ofIpv6, long addressHigh, long addressLow) {
    return ipv6 == ofIpv6
        && ((addressHigh ^ high) & highMask(length)) == 0
        && ((addressLow ^ low) & lowMask(length)) == 0;
  }

  static long highMask(int length) {
    return length == 0 ? 0 : length >= Long.SIZE ? -1 : -1L << (Long.SIZE - length);
  }

  static long lowMask(int length) {
    return length <= Long.SIZE ? 0 : -1L << (IPV6_BITS - length);
  }

  private static BadNetworkException bad(String format, Object... arguments) {
    Object[] printable = arguments.clone();
    for (int i = 0; i < printable.length; i++) {
      if (printable[i] instanceof String text) {
        printable[i] = ByteText.printable(text);
      }
    }
    return new BadNetworkException(format.formatted(printable));
  }
}
