package org.postern.driver.composite;

import java.util.Arrays;

/** Values as Postfix sees them between two tables. */
final class Strings {
  private Strings() {}

  /** A value ends at its first NUL. */
  static byte[] untilNul(byte[] value) {
    for (int i = 0; i < value.length; i++) {
      if (value[i] == 0) {
        return Arrays.copyOf(value, i);
      }
    }
    return value;
  }
}
