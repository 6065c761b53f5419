package org.postern.driver.berkeleydb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.Keys;
import org.postern.platform.text.CStrings;

/**
 * Where the keys of a snapshot are, so that a lookup goes to its key without a search: a table of
 * twice to four times as many slots as there are keys, each the position and length of a key and of
 * its value. What is not simply on a page, the pairs with big items and those with many values, is
 * left to the file's own access method; and so is everything when the file is damaged anywhere.
 */
final class KeyIndex implements AccessMethod {
  private static final int SLOT = 16;
  private static final int LENGTH_BITS = 20;
  private static final long LENGTH_MASK = (1L << LENGTH_BITS) - 1;

  /** In place of a value's position. */
  private static final long NOT_SIMPLE = -1;

  private final AccessMethod method;
  private final MemorySegment file;
  private final MemorySegment slots;
  private final int mask;
  private boolean complete = true;

  private KeyIndex(AccessMethod method, MemorySegment file, MemorySegment slots) {
    this.method = method;
    this.file = file;
    this.slots = slots;
    this.mask = (int) (slots.byteSize() / SLOT) - 1;
  }

  /** Told of each pair of a file, those with equal keys in the order of their values. */
  interface Pairs {
    /**
     * A pair whose key is on a page: where both begin there, and their lengths in bytes.
     *
     * @param valueLength -1 when the value is not simply on the page
     */
    void pair(Page page, int key, int keyLength, int value, int valueLength);

    /** A pair whose key is not on the page. */
    void bigKey();
  }

  /** Indexes a snapshot, if it can be read from beginning to end. */
  static AccessMethod of(AccessMethod method, Snapshot snapshot) {
    try {
      Counter counter = new Counter();
      method.forEach(snapshot, counter);
      if (counter.pairs > Integer.MAX_VALUE / (4 * SLOT)) {
        return method;
      }
      long size = Math.max(2, Integer.highestOneBit(Math.max(1, counter.pairs)) * 4L);
      KeyIndex index = new KeyIndex(method, snapshot.bytes(), snapshot.allocate(size * SLOT));
      method.forEach(snapshot, index.new Builder());
      return index;
    } catch (CorruptFileException | IndexOutOfBoundsException damaged) {
      return method;
    }
  }

  @Override
  public byte @Nullable [] find(Pages pages, byte[] key, boolean nul) throws CorruptFileException {
    int length = Keys.length(key, nul);
    long slot = slot(hash(key));
    for (long at = keyAt(slot); at != 0; slot = next(slot), at = keyAt(slot)) {
      if ((at & LENGTH_MASK) == length && equal(key, nul, at >>> LENGTH_BITS)) {
        long value = slots.get(JAVA_LONG, slot + 8);
        return value == NOT_SIMPLE
            ? method.find(pages, key, nul)
            : CStrings.untilNul(file, value >>> LENGTH_BITS, (int) (value & LENGTH_MASK));
      }
    }
    return complete ? null : method.find(pages, key, nul);
  }

  private boolean equal(byte[] key, boolean nul, long at) {
    for (int i = 0; i < key.length; i++) {
      if (file.get(JAVA_BYTE, at + i) != key[i]) {
        return false;
      }
    }
    return !nul || file.get(JAVA_BYTE, at + key.length) == 0;
  }

  /** Of the key without a NUL after it. */
  private static int hash(byte[] key) {
    int hash = 0;
    for (byte b : key) {
      hash = 31 * hash + b;
    }
    return hash;
  }

  /** 0 for an empty slot: no key begins where a file does. */
  private long keyAt(long slot) {
    return slots.get(JAVA_LONG, slot);
  }

  private long slot(int hash) {
    int mixed = hash * 0x9E3779B9;
    return (long) ((mixed ^ mixed >>> 15) & mask) * SLOT;
  }

  private long next(long slot) {
    return (slot + SLOT) & ((long) mask * SLOT);
  }

  @Override
  public Walk walk() {
    return method.walk();
  }

  @Override
  public void forEach(Pages pages, Pairs pairs) throws CorruptFileException {
    method.forEach(pages, pairs);
  }

  private static final class Counter implements Pairs {
    private int pairs;

    @Override
    public void pair(Page page, int key, int keyLength, int value, int valueLength) {
      pairs++;
    }

    @Override
    public void bigKey() {}
  }

  private final class Builder implements Pairs {
    @Override
    public void pair(Page page, int key, int keyLength, int value, int valueLength) {
      byte[] bytes = page.copy(key, keyLength);
      boolean nul = keyLength > 0 && bytes[keyLength - 1] == 0;
      byte[] plain = nul ? page.copy(key, keyLength - 1) : bytes;
      long slot = slot(hash(plain));
      for (long at = keyAt(slot); at != 0; slot = next(slot), at = keyAt(slot)) {
        if ((at & LENGTH_MASK) == keyLength && equal(plain, nul, at >>> LENGTH_BITS)) {
          return; // the first value of a key is the one that is found
        }
      }
      slots.set(JAVA_LONG, slot, (page.base() + key) << LENGTH_BITS | keyLength);
      slots.set(
          JAVA_LONG,
          slot + 8,
          valueLength < 0 ? NOT_SIMPLE : (page.base() + value) << LENGTH_BITS | valueLength);
    }

    @Override
    public void bigKey() {
      complete = false;
    }
  }
}
