package org.postern.platform.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Strings that hold one byte in each char, so that nothing of the wire or of main.cf is lost. The
 * character classes are those of C and ASCII.
 */
public final class ByteStrings {

  private static final int LONGEST = 2000;

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
    byte[] printable = byteString.getBytes(ISO_8859_1);
    for (int i = 0; i < printable.length; i++) {
      if (printable[i] < ' ' || printable[i] > '~') {
        printable[i] = '?';
      }
    }
    return new String(printable, ISO_8859_1);
  }

  /** As much of a name as the log shows: Postfix cuts its lines at 2,000 bytes. */
  public static String beginning(String name) {
    return name.length() <= LONGEST ? name : name.substring(0, LONGEST) + "...";
  }

  /** As much of a key or value as the log shows, printable. */
  public static String printableBeginning(byte[] bytes) {
    return bytes.length <= LONGEST
        ? printable(bytes)
        : printable(Arrays.copyOf(bytes, LONGEST)) + "...";
  }

  /**
   * Text for a terminal: {@code ?} in place of control characters, of those that turn the order of
   * others round or are not seen, and of what is no character.
   */
  public static String visible(String text) {
    StringBuilder visible = new StringBuilder(text.length());
    text.codePoints().forEach(c -> visible.appendCodePoint(isVisible(c) ? c : '?'));
    return visible.toString();
  }

  /** Whether a character can be shown as it is. */
  static boolean isVisible(int codePoint) {
    if (codePoint < 0x7F) {
      return codePoint >= ' ';
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  /** Bytes that may be UTF-8, for a terminal. */
  public static String visible(byte[] bytes) {
    return visible(new String(bytes, UTF_8));
  }

  /** The byte string of a text's UTF-8 form. */
  public static String of(String text) {
    return ByteText.isAscii(text) ? text : new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  /** The text of a byte string in UTF-8, with U+FFFD for bytes that are none. */
  public static String decode(String bytes) {
    return ByteText.isAscii(bytes) ? bytes : new String(bytes.getBytes(ISO_8859_1), UTF_8);
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
