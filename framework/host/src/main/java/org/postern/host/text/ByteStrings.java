package org.postern.host.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Strings that hold one byte in each char, so that nothing of the wire or of main.cf is lost. The
 * character classes are those of C and ASCII.
 */
public final class ByteStrings {

  private ByteStrings() {}

  public static byte[] bytes(String byteString) {
    return byteString.getBytes(ISO_8859_1);
  }

  public static String of(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  /** For a log line: control characters and everything beyond ASCII become {@code ?}. */
  public static String printable(byte[] bytes) {
    return printable(of(bytes));
  }

  /** Likewise, of a byte string. */
  public static String printable(String byteString) {
    StringBuilder printable = new StringBuilder(byteString.length());
    byteString.chars().forEach(c -> printable.append(c < ' ' || c > '~' ? '?' : (char) c));
    return printable.toString();
  }

  /** Text for a terminal: control characters become {@code ?}. */
  public static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.codePoints().forEach(c -> visible.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return visible.toString();
  }

  /** Bytes that may be UTF-8, for a terminal. */
  public static String visible(byte[] bytes) {
    return visible(new String(bytes, UTF_8));
  }

  /** The byte string of a text's UTF-8 form. */
  public static String of(String text) {
    return isAscii(text) ? text : new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  /** The text of a byte string in UTF-8, with U+FFFD for bytes that are none. */
  public static String decode(String bytes) {
    return isAscii(bytes) ? bytes : new String(bytes.getBytes(ISO_8859_1), UTF_8);
  }

  public static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 128);
  }

  /** The white space of isspace(3) in the C locale. */
  public static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  public static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /** A letter or digit of ASCII. */
  public static boolean isAlphanumeric(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** What C sees of a string that may hold a NUL. */
  public static String upToNul(String text) {
    int nul = text.indexOf('\0');
    return nul < 0 ? text : text.substring(0, nul);
  }
}
