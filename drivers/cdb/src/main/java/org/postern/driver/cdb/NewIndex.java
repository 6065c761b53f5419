package org.postern.driver.cdb;

import java.io.IOException;
import java.util.Arrays;

/**
 * Where the records of a new table are, by their keys' hashes. Some 20 bytes of memory for each.
 */
final class NewIndex {
  /** There is no record at 0. */
  private static final int GONE = 0;

  private int[] hashes = new int[1024];
  private int[] positions = new int[1024];

  /** Record numbers and 1, by their hashes; 0 for none. */
  private int[] slots = new int[4096];

  private int count;
  private int gone;

  /** Whether a record is the one. */
  interface Test {
    boolean test(long position) throws IOException;
  }

  /**
   * Finds the first record with a hash that passes a test.
   *
   * @return its number, or -1
   */
  int find(int hash, Test test) throws IOException {
    for (int slot = slot(hash); slots[slot] != 0; slot = next(slot)) {
      int number = slots[slot] - 1;
      if (hashes[number] == hash && positions[number] != GONE && test.test(position(number))) {
        return number;
      }
    }
    return -1;
  }

  /** Adds a record behind all others. */
  void add(int hash, long position) {
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, Math.multiplyExact(2, count));
      positions = Arrays.copyOf(positions, hashes.length);
      slots = new int[Math.multiplyExact(4, hashes.length)];
      for (int number = 0; number < count; number++) {
        enter(number);
      }
    }
    hashes[count] = hash;
    positions[count] = (int) position;
    enter(count);
    count++;
  }

  private void enter(int number) {
    int slot = slot(hashes[number]);
    while (slots[slot] != 0) {
      slot = next(slot);
    }
    slots[slot] = number + 1;
  }

  /** The low bits of a cdb hash say little of the others: spread them. */
  private int slot(int hash) {
    int spread = hash * 0x9E3779B9;
    return (spread ^ (spread >>> 15)) & (slots.length - 1);
  }

  private int next(int slot) {
    return (slot + 1) & (slots.length - 1);
  }

  /** How many records were added. */
  int count() {
    return count;
  }

  int hash(int number) {
    return hashes[number];
  }

  boolean isGone(int number) {
    return positions[number] == GONE;
  }

  long position(int number) {
    return positions[number] & 0xFFFF_FFFFL;
  }

  void move(int number, long position) {
    positions[number] = (int) position;
  }

  void remove(int number) {
    positions[number] = GONE;
    gone++;
  }

  /** How many of the records were removed. */
  int gone() {
    return gone;
  }
}
