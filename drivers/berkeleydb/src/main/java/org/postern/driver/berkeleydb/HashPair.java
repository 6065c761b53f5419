package org.postern.driver.berkeleydb;

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
  static HashPair of(Transaction pages, byte[] key, byte[] value) throws CorruptFileException {
    return new HashPair(key, item(pages, key), item(pages, value));
  }

  /** All pairs of a page. */
  static List<HashPair> of(Transaction pages, Page page) throws CorruptFileException {
    List<HashPair> pairs = new ArrayList<>(page.items() / 2 + 1);
    for (int index = 0; index + 1 < page.items(); index += 2) {
      byte[] key = bytes(page, index);
      pairs.add(new HashPair(content(pages, page, index, key), key, bytes(page, index + 1)));
    }
    return pairs;
  }

  private static byte[] bytes(Page page, int index) throws CorruptFileException {
    HashFile.Item item = HashFile.item(page, index);
    return page.copy(item.offset(), item.length());
  }

  private static byte[] content(Transaction pages, Page page, int index, byte[] item)
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
  private static byte[] item(Transaction pages, byte[] bytes) throws CorruptFileException {
    if (bytes.length <= pages.file().pageSize() / BIG_FRACTION) {
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

  private static void free(Transaction pages, byte[] item) throws CorruptFileException {
    if (item[0] == HashFile.BIG) {
      Overflow.free(pages, view(pages, item).u32(4));
    }
  }

  /** Gives up the pages that the pair has of its own, if any. */
  void free(Transaction pages) throws CorruptFileException {
    free(pages, keyItem);
    free(pages, valueItem);
  }

  /** For numbers in the file's byte order. */
  private static Page view(Transaction pages, byte[] item) {
    return new Page(pages.file(), MemorySegment.ofArray(item), 0, 0);
  }

  private static int compare(HashPair one, HashPair other) {
    int difference = Arrays.mismatch(one.key, other.key);
    int common = Math.min(one.key.length, other.key.length);
    if (difference >= 0 && difference < common) {
      return Byte.compareUnsigned(one.key[difference], other.key[difference]);
    }
    boolean big = one.keyItem[0] == HashFile.BIG && other.keyItem[0] == HashFile.BIG;
    int longer = Integer.compare(one.key.length, other.key.length);
    return big ? longer : -longer;
  }

  byte[] key() {
    return key;
  }

  /** The key with another value. */
  HashPair withValue(Transaction pages, byte[] value) throws CorruptFileException {
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

  static List<byte[]> items(List<HashPair> pairs) {
    List<byte[]> items = new ArrayList<>(2 * pairs.size());
    for (HashPair pair : pairs) {
      items.add(pair.keyItem);
      items.add(pair.valueItem);
    }
    return items;
  }
}
