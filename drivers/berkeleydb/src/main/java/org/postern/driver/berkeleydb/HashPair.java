package org.postern.driver.berkeleydb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A key and its value in a hash file. What is longer than a quarter of a page is a big item.
 *
 * <p>Berkeley DB searches a page by halves, so pairs must be in its order: by the keys' bytes, and
 * where one key is the beginning of the other, the longer one first, but the shorter one first when
 * both are big items.
 */
final class HashPair {
  static final Comparator<HashPair> ORDER = HashPair::compare;

  private static final int BIG_FRACTION = 4;

  private final byte[] key;
  private final byte[] keyItem;
  private final byte[] valueItem;

  /**
   * @param key the key's bytes, wherever they are
   * @param keyItem as it is on the page: a type byte, then the bytes or where they are
   */
  private HashPair(byte[] key, byte[] keyItem, byte[] valueItem) {
    this.key = key;
    this.keyItem = keyItem;
    this.valueItem = valueItem;
  }

  /** A new pair. */
  static HashPair of(WritablePages pages, byte[] key, byte[] value) throws CorruptFileException {
    return new HashPair(key, item(pages, key), item(pages, value));
  }

  /** All pairs of a page. */
  static List<HashPair> of(WritablePages pages, Page page) throws CorruptFileException {
    List<HashPair> pairs = new ArrayList<>(page.items() / 2 + 1);
    for (int index = 0; index + 1 < page.items(); index += 2) {
      pairs.add(at(pages, page, index));
    }
    return pairs;
  }

  private static HashPair at(WritablePages pages, Page page, int index)
      throws CorruptFileException {
    byte[] key = bytes(page, index);
    return new HashPair(content(pages, page, index, key), key, bytes(page, index + 1));
  }

  /**
   * Searches a page whose pairs are in order.
   *
   * @return the index of the key's item, or, less 1 and negative, that which it would have
   */
  static int search(WritablePages pages, Page page, byte[] key) throws CorruptFileException {
    int low = 0;
    int high = page.items() / 2;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int difference = compare(pages, key, page, 2 * middle);
      if (difference == 0) {
        return 2 * middle;
      }
      if (difference < 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return -2 * low - 1;
  }

  private static int compare(WritablePages pages, byte[] key, Page page, int index)
      throws CorruptFileException {
    HashFile.Item item = HashFile.item(page, index);
    if (item.type() != HashFile.DATA) {
      byte[] other = content(pages, page, index, page.copy(item.offset(), item.length()));
      return compare(key, isBig(pages, key), other, true);
    }
    long at = page.base() + item.offset() + 1;
    int length = item.length() - 1;
    int difference =
        (int)
            MemorySegment.mismatch(
                MemorySegment.ofArray(key), 0, key.length, page.bytes(), at, at + length);
    if (difference < 0 || difference == Math.min(key.length, length)) {
      return Integer.compare(length, key.length);
    }
    return Byte.compareUnsigned(key[difference], page.bytes().get(JAVA_BYTE, at + difference));
  }

  private static byte[] bytes(Page page, int index) throws CorruptFileException {
    HashFile.Item item = HashFile.item(page, index);
    return page.copy(item.offset(), item.length());
  }

  private static byte[] content(WritablePages pages, Page page, int index, byte[] item)
      throws CorruptFileException {
    return switch (item[0]) {
      case HashFile.DATA -> Arrays.copyOfRange(item, 1, item.length);
      case HashFile.BIG -> {
        Page view = view(pages, item);
        yield Overflow.read(pages, view.u32(4), view.u32(8));
      }
      default -> throw page.corrupt("item " + index + " is no key");
    };
  }

  /** A new item; in pages of its own if need be. */
  private static byte[] item(WritablePages pages, byte[] bytes) throws CorruptFileException {
    if (!isBig(pages, bytes)) {
      byte[] item = new byte[1 + bytes.length];
      item[0] = HashFile.DATA;
      System.arraycopy(bytes, 0, item, 1, bytes.length);
      return item;
    }
    byte[] item = new byte[HashFile.BIG_LENGTH];
    item[0] = HashFile.BIG;
    Page view = view(pages, item);
    view.putU32(4, Overflow.write(pages, bytes));
    view.putU32(8, bytes.length);
    return item;
  }

  private static boolean isBig(WritablePages pages, byte[] bytes) {
    return bytes.length > pages.file().pageSize() / BIG_FRACTION;
  }

  private static void free(WritablePages pages, byte[] item) throws CorruptFileException {
    if (item[0] == HashFile.BIG) {
      Overflow.free(pages, view(pages, item).u32(4));
    }
  }

  /** Gives up the pages that the pair has of its own, if any. */
  void free(WritablePages pages) throws CorruptFileException {
    free(pages, keyItem);
    free(pages, valueItem);
  }

  /** For numbers in the file's byte order. */
  private static Page view(WritablePages pages, byte[] item) {
    return new Page(pages.file(), MemorySegment.ofArray(item), 0, 0);
  }

  private static int compare(HashPair one, HashPair other) {
    return compare(
        one.key, one.keyItem[0] == HashFile.BIG, other.key, other.keyItem[0] == HashFile.BIG);
  }

  private static int compare(byte[] one, boolean oneBig, byte[] other, boolean otherBig) {
    int difference = Arrays.mismatch(one, other);
    if (difference >= 0 && difference < Math.min(one.length, other.length)) {
      return Byte.compareUnsigned(one[difference], other[difference]);
    }
    int longer = Integer.compare(one.length, other.length);
    return oneBig && otherBig ? longer : -longer;
  }

  byte[] key() {
    return key;
  }

  /** The key with another value. */
  HashPair withValue(WritablePages pages, byte[] value) throws CorruptFileException {
    free(pages, valueItem);
    return new HashPair(key, keyItem, item(pages, value));
  }

  static boolean fit(FileHeader file, List<HashPair> pairs) {
    int length = 0;
    for (HashPair pair : pairs) {
      length += pair.keyItem.length + pair.valueItem.length;
    }
    return length <= Page.room(file, 2 * pairs.size());
  }

  /**
   * Puts the pair on a page whose pairs are in order, and which does not have the key.
   *
   * @return false when there is no room for it
   */
  boolean insert(WritablePages pages, long number) throws CorruptFileException {
    Page page = pages.writable(number);
    return page.insertInOrder(-search(pages, page, key) - 1, keyItem, valueItem);
  }

  static List<byte[]> items(List<HashPair> pairs) {
    List<byte[]> items = new ArrayList<>(2 * pairs.size());
    for (HashPair pair : pairs) {
      items.add(pair.keyItem);
      items.add(pair.valueItem);
    }
    return items;
  }
}
