package org.postern.driver.file;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Compares a key that is looked for, with or without a NUL after it, with one in a file: byte by
 * byte, unsigned, the shorter first.
 */
public final class Keys {
  private Keys() {}

  /** The length of the key as it would be in the file. */
  public static int length(byte[] key, boolean nul) {
    return nul ? key.length + 1 : key.length;
  }

  /**
   * Compares with a key in memory.
   *
   * @param at where it begins
   */
  public static int compare(byte[] key, boolean nul, MemorySegment bytes, long at, int length) {
    int common = Math.min(key.length, length);
    for (int i = 0; i < common; i++) {
      int difference = (key[i] & 0xFF) - (bytes.get(JAVA_BYTE, at + i) & 0xFF);
      if (difference != 0) {
        return difference;
      }
    }
    if (nul && length > key.length) {
      byte last = bytes.get(JAVA_BYTE, at + key.length);
      return last != 0 ? -1 : key.length + 1 - length;
    }
    return length(key, nul) - length;
  }

  /** Compares with a key that was put together, since it stands in several places. */
  public static int compare(byte[] key, boolean nul, byte[] other) {
    int common = Math.min(key.length, other.length);
    for (int i = 0; i < common; i++) {
      int difference = (key[i] & 0xFF) - (other[i] & 0xFF);
      if (difference != 0) {
        return difference;
      }
    }
    if (nul && other.length > key.length) {
      return other[key.length] != 0 ? -1 : key.length + 1 - other.length;
    }
    return length(key, nul) - other.length;
  }
}
