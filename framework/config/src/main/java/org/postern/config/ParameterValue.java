package org.postern.config;

import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postern.platform.text.ByteStrings;

/** Reads the values of typed parameters as Postfix does: postconf(5). */
final class ParameterValue {
  private static final BigInteger LARGEST_PORT = BigInteger.valueOf(0xFFFF);
  private static final BigInteger LARGEST_TIME = BigInteger.valueOf(Integer.MAX_VALUE);

  private ParameterValue() {}

  static boolean bool(String value) throws SyntaxException {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new SyntaxException("bad boolean value: \"" + value + "\"; write yes or no");
    };
  }

  /** A whole number that is not below {@code least}. */
  static long number(String value, long least, long most) throws SyntaxException {
    BigInteger number = digits(value);
    if (number == null || number.compareTo(BigInteger.valueOf(most)) > 0) {
      throw new SyntaxException(
          "bad numerical value: \""
              + SyntaxException.shorten(value)
              + "\"; write a whole number from "
              + least
              + " to "
              + most);
    }
    if (number.longValue() < least) {
      throw new SyntaxException("value too small: " + value + " (min " + least + ")");
    }
    return number.longValue();
  }

  /**
   * A whole number and a unit, the first letter of seconds, minutes, hours, days, weeks.
   *
   * @param defaultUnit where the value has none
   * @param least in seconds
   */
  static Duration time(String value, char defaultUnit, long least) throws SyntaxException {
    int end = 0;
    while (end < value.length() && ByteStrings.isDigit(value.charAt(end))) {
      end++;
    }
    BigInteger number = digits(value.substring(0, end));
    long unit =
        switch (end < value.length() ? value.charAt(end) : defaultUnit) {
          case 's' -> 1;
          case 'm' -> 60;
          case 'h' -> 60 * 60;
          case 'd' -> 24 * 60 * 60;
          case 'w' -> 7 * 24 * 60 * 60;
          default -> 0;
        };
    if (number == null || unit == 0) {
      throw badTime(value);
    }
    BigInteger seconds = number.multiply(BigInteger.valueOf(unit));
    if (seconds.compareTo(LARGEST_TIME) > 0) {
      throw badTime(value);
    }
    if (seconds.longValue() < least) {
      throw new SyntaxException("value too small: " + value + " (min " + least + "s)");
    }
    return Duration.ofSeconds(seconds.longValue());
  }

  /** {@code host:port}, or {@code [IPv6 address]:port}. Nothing is looked up. */
  static InetSocketAddress address(String value) throws SyntaxException {
    int colon = value.lastIndexOf(':');
    String host = value.substring(0, Math.max(0, colon));
    boolean isBracketed = host.length() > 2 && host.startsWith("[") && host.endsWith("]");
    if (isBracketed) {
      host = host.substring(1, host.length() - 1);
    }
    BigInteger port = digits(value.substring(colon + 1));
    if (host.isEmpty()
        || (!isBracketed && host.matches(".*[]:\\[].*"))
        || port == null
        || port.compareTo(LARGEST_PORT) > 0
        || port.signum() == 0) {
      throw new SyntaxException(
          "bad address: \""
              + SyntaxException.shorten(value)
              + "\"; write host:port or [IPv6 address]:port, such as 127.0.0.1:9798;"
              + " 0.0.0.0:9798 is every address of the machine");
    }
    return InetSocketAddress.createUnresolved(host, port.intValue());
  }

  private static SyntaxException badTime(String value) {
    return new SyntaxException(
        "bad time value or unit: \""
            + SyntaxException.shorten(value)
            + "\"; write a whole number and s, m, h, d or w, such as 10s");
  }

  private static @Nullable BigInteger digits(String value) {
    boolean digits = !value.isEmpty() && value.length() <= 100;
    for (int i = 0; digits && i < value.length(); i++) {
      digits = ByteStrings.isDigit(value.charAt(i));
    }
    return digits ? new BigInteger(value) : null;
  }
}
