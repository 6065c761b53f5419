package org.postern.driver.berkeleydb;

import java.util.Arrays;

/** Bytes as Postfix takes them from a file: a C string, which ends at its first NUL. */
final class Strings {
  private Strings() {}

  static byte[] untilNul(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return Arrays.copyOf(bytes, i);
      }
    }
    return bytes;
  }
}
