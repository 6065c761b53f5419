package org.postern.driver.sql;

import java.util.regex.Pattern;

/** A number of a key that stands in a query without quotes: {@code n = %s}. */
public final class BareNumber {
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?");

  private BareNumber() {}

  /** Whether a byte string is a number and nothing else. */
  public static boolean is(String value) {
    return NUMBER.matcher(value).matches();
  }

  /** It as SQL, in which a sign that follows another one would begin a comment. */
  static String spaced(String number) {
    return number.startsWith("-") ? " " + number : number;
  }
}
