package org.postern.driver.ldap;

import java.util.HexFormat;

/**
 * How a part of a lookup key is written where ldap_table(5) puts it, so that it is text and no
 * more.
 */
enum Quoting {
  /** In a search base: RFC 4514. */
  DN(" \t\"#+,;<>\\\0"),
  /** In a filter: RFC 4515. */
  FILTER("*()\\\0");

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final String special;

  Quoting(String special) {
    this.special = special;
  }

  /** The text with a backslash and two hexadecimal digits in place of each special character. */
  String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (special.indexOf(c) < 0) {
        quoted.append(c);
      } else {
        quoted.append('\\').append(HEX.toHexDigits((byte) c));
      }
    }
    return quoted.toString();
  }
}
