package org.postern.host.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Strings that hold one byte in each char, so that nothing of the wire is lost. */
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
}
