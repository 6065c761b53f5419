package org.postern.driver.textfile;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postern.spi.Entry;
import org.postern.spi.Found;
import org.postern.spi.NotFound;
import org.postern.spi.Sequence;
import org.postern.spi.SequenceResult;

/**
 * Keys and the finished answers to them, by open addressing over the keys' own bytes: a lookup
 * makes no object and follows no chain of them.
 *
 * <p>Filled by one thread, then read by any number of them once it has been published safely.
 */
final class ByteMap {
  /** About what one entry costs on the heap beside the bytes of its key and value. */
  static final int ENTRY_OVERHEAD = 120;

  private byte[] @Nullable [] keys = new byte[16][];
  private @Nullable Found[] answers = new Found[16];
  private int[] hashes = new int[16];
  private int size;

  @Nullable Found get(byte[] key) {
    return answers[slot(key, hash(key))];
  }

  /** Stores a value, in place of the old one if there is one. */
  void put(byte[] key, byte[] value) {
    int hash = hash(key);
    int slot = slot(key, hash);
    if (keys[slot] == null) {
      if (2 * (size + 1) > keys.length) {
        grow();
        slot = slot(key, hash);
      }
      keys[slot] = key;
      hashes[slot] = hash;
      size++;
    }
    answers[slot] = new Found(value);
  }

  int size() {
    return size;
  }

  /** A walk in no particular order. The map must not change any more. */
  Sequence sequence() {
    return new Sequence() {
      private int next;

      @Override
      public SequenceResult next() {
        while (next < keys.length) {
          byte[] key = keys[next];
          Found answer = answers[next];
          next++;
          if (key != null && answer != null) {
            return new Entry(key, answer.value());
          }
        }
        return NotFound.NOT_FOUND;
      }
    };
  }

  /** Where the key is, or the free place where it would go. */
  private int slot(byte[] key, int hash) {
    int mask = keys.length - 1;
    int slot = hash & mask;
    for (byte[] there = keys[slot]; there != null; there = keys[slot]) {
      if (hashes[slot] == hash && Arrays.equals(there, key)) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    byte[] @Nullable [] oldKeys = keys;
    @Nullable Found[] oldAnswers = answers;
    int[] oldHashes = hashes;
    int capacity = Math.multiplyExact(oldKeys.length, 2);
    keys = new byte[capacity][];
    answers = new Found[capacity];
    hashes = new int[capacity];
    for (int old = 0; old < oldKeys.length; old++) {
      byte[] key = oldKeys[old];
      if (key != null) {
        int slot = slot(key, oldHashes[old]);
        keys[slot] = key;
        answers[slot] = oldAnswers[old];
        hashes[slot] = oldHashes[old];
      }
    }
  }

  /** Arrays.hashCode leaves keys that differ in their last bytes side by side: spread them. */
  private static int hash(byte[] key) {
    int hash = Arrays.hashCode(key) * 0x9E3779B9;
    return hash ^ (hash >>> 15);
  }
}
