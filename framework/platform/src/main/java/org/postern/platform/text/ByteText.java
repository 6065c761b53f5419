package org.postern.platform.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import org.jspecify.annotations.Nullable;

/**
 * The parsers' view of bytes: a string with one char for each byte, U+0000 to U+00FF, so that
 * nothing is lost whatever the file holds.
 */
public final class ByteText {

  private ByteText() {}

  public static String of(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** White space of the C locale: isspace(3). */
  public static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /** The text without white space at either end. */
  public static String trim(String text) {
    return trimEnd(trimStart(text));
  }

  public static String trimStart(String text) {
    int start = 0;
    while (start < text.length() && isSpace(text.charAt(start))) {
      start++;
    }
    return text.substring(start);
  }

  public static String trimEnd(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  /** Text ends at a NUL where Postfix sees it as a string. */
  public static String untilNul(String text) {
    int nul = text.indexOf('\0');
    return nul < 0 ? text : text.substring(0, nul);
  }

  public static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /** The characters that these bytes are in UTF-8 (RFC 3629), or null when they are not. */
  public static @Nullable String decodeUtf8(String text) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(text))).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  public static boolean isUtf8(String text) {
    return isAscii(text) || decodeUtf8(text) != null;
  }

  /**
   * For a message: control characters and what is not UTF-8 become question marks, as in Postfix's
   * log.
   */
  public static String printable(String text) {
    try {
      return UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .replaceWith("?")
          .decode(ByteBuffer.wrap(bytes(text)))
          .toString()
          .replaceAll("\\p{Cntrl}", "?");
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("replaces what it cannot decode", e);
    }
  }
}
