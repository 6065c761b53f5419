package org.postern.platform.text;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Bytes as Postfix takes them from a file: a C string, which ends at its first NUL. */
public final class CStrings {
  private CStrings() {}

  /** A copy of bytes in native memory, up to their first NUL. */
  public static byte[] untilNul(MemorySegment bytes, long from, int length) {
    int end = 0;
    while (end < length && bytes.get(JAVA_BYTE, from + end) != 0) {
      end++;
    }
    byte[] copy = new byte[end];
    MemorySegment.copy(bytes, JAVA_BYTE, from, copy, 0, end);
    return copy;
  }

  /** Bytes up to their first NUL. */
  public static byte[] untilNul(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return Arrays.copyOf(bytes, i);
      }
    }
    return bytes;
  }
}
