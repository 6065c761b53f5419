package org.postern.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.postern.spi.Entry;

/** Short ways to write keys, values and entries in a test, and to read them in its report. */
public final class Bytes {

  private Bytes() {}

  /** One byte for each character, U+0000 to U+00FF: Postfix's strings have no character set. */
  public static byte[] bytes(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xff) {
        throw new IllegalArgumentException("not a byte: character " + i + " of " + text);
      }
    }
    return text.getBytes(ISO_8859_1);
  }

  /** The other way: one character for each byte. */
  public static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  /** An entry of a sample. */
  public static Entry entry(String key, String value) {
    return new Entry(bytes(key), bytes(value));
  }
}
