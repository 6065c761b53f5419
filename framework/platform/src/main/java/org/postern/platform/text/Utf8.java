package org.postern.platform.text;

/**
 * UTF-8 as RFC 3629 has it and valid_utf8_string(3) checks it: no overlong forms, no surrogates,
 * nothing beyond U+10FFFF. Non-characters such as U+FFFE are valid.
 */
public final class Utf8 {
  private Utf8() {}

  /** Whether the bytes are valid UTF-8. */
  public static boolean isValid(byte[] bytes) {
    int at = 0;
    while (at < bytes.length && bytes[at] >= 0) {
      at++;
    }
    while (at < bytes.length) {
      int length = sequenceLength(bytes, at);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  /** The length of the sequence that starts here, or 0 if none does. */
  private static int sequenceLength(byte[] bytes, int at) {
    int first = bytes[at] & 0xFF;
    if (first < 0x80) {
      return 1;
    }
    if (first < 0xC2) {
      return 0;
    }
    if (first < 0xE0) {
      return tail(bytes, at + 1) ? 2 : 0;
    }
    if (first < 0xF0) {
      int least = first == 0xE0 ? 0xA0 : 0x80;
      int most = first == 0xED ? 0x9F : 0xBF;
      return between(bytes, at + 1, least, most) && tail(bytes, at + 2) ? 3 : 0;
    }
    if (first < 0xF5) {
      int least = first == 0xF0 ? 0x90 : 0x80;
      int most = first == 0xF4 ? 0x8F : 0xBF;
      return between(bytes, at + 1, least, most) && tail(bytes, at + 2) && tail(bytes, at + 3)
          ? 4
          : 0;
    }
    return 0;
  }

  private static boolean tail(byte[] bytes, int at) {
    return between(bytes, at, 0x80, 0xBF);
  }

  private static boolean between(byte[] bytes, int at, int least, int most) {
    return at < bytes.length && (bytes[at] & 0xFF) >= least && (bytes[at] & 0xFF) <= most;
  }
}
