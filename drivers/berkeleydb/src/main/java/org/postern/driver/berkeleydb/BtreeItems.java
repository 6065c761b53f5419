package org.postern.driver.berkeleydb;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The items of pages of a btree, as bytes to be put on a page. Each is filled up to a multiple of
 * four bytes.
 *
 * <p>A file says in its first page how many keys a page has room for at least, 2 unless somebody
 * chose otherwise. What is longer than this allows is a big item.
 */
final class BtreeItems {
  private static final int LEAST_KEYS = 76;
  private static final int ALIGNMENT = 4;

  private final WritablePages pages;
  private final int longest;

  BtreeItems(WritablePages pages) throws CorruptFileException {
    this.pages = pages;
    Page first = pages.page(0);
    long leastKeys = first.u32(LEAST_KEYS);
    long room = (pages.file().pageSize() - Page.HEADER) / Math.max(2 * leastKeys, 1);
    this.longest = (int) room - aligned(BtreeFile.DATA_HEADER) - 2 - ALIGNMENT;
    if (leastKeys < 2 || longest < 1) {
      throw first.corrupt("a page cannot have room for " + leastKeys + " keys");
    }
  }

  private static int aligned(int length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  static List<byte[]> of(Page page) throws CorruptFileException {
    List<byte[]> items = new ArrayList<>(page.items() + 2);
    for (int index = 0; index < page.items(); index++) {
      items.add(of(page, index));
    }
    return items;
  }

  static byte[] of(Page page, int index) throws CorruptFileException {
    int offset = page.item(index, BtreeFile.DATA_HEADER);
    boolean data = (page.u8(offset + 2) & ~BtreeFile.DELETED) == BtreeFile.DATA;
    int length =
        page.type() == Page.BTREE_INTERNAL
            ? BtreeFile.INTERNAL_HEADER + page.u16(offset)
            : data ? BtreeFile.DATA_HEADER + page.u16(offset) : BtreeFile.BIG_LENGTH;
    page.checkRange(index, offset, aligned(length));
    return page.copy(offset, aligned(length));
  }

  /** A key or a value on a leaf; in pages of its own if need be. */
  byte[] leaf(byte[] bytes) throws CorruptFileException {
    if (bytes.length > longest) {
      return reference(bytes);
    }
    byte[] item = new byte[aligned(BtreeFile.DATA_HEADER + bytes.length)];
    view(item).putU16(0, bytes.length);
    item[2] = BtreeFile.DATA;
    System.arraycopy(bytes, 0, item, BtreeFile.DATA_HEADER, bytes.length);
    return item;
  }

  private byte[] reference(byte[] bytes) throws CorruptFileException {
    byte[] item = new byte[BtreeFile.BIG_LENGTH];
    item[2] = BtreeFile.BIG;
    view(item).putU32(4, Overflow.write(pages, bytes));
    view(item).putU32(8, bytes.length);
    return item;
  }

  /** A child of an inner page. */
  byte[] internal(long child, byte[] key) throws CorruptFileException {
    boolean big = key.length > longest;
    byte[] stored = big ? reference(key) : key;
    byte[] item = new byte[aligned(BtreeFile.INTERNAL_HEADER + stored.length)];
    view(item).putU16(0, stored.length);
    item[2] = (byte) (big ? BtreeFile.BIG : BtreeFile.DATA);
    view(item).putU32(4, child);
    System.arraycopy(stored, 0, item, BtreeFile.INTERNAL_HEADER, stored.length);
    return item;
  }

  /** The same key for another child. */
  byte[] withChild(byte[] internal, long child) {
    byte[] item = internal.clone();
    view(item).putU32(4, child);
    return item;
  }

  long child(byte[] internal) {
    return view(internal).u32(4);
  }

  /** The bytes of a key on a leaf. */
  byte[] key(byte[] leaf) throws CorruptFileException {
    Page item = view(leaf);
    return isBig(leaf)
        ? Overflow.read(pages, item.u32(4), item.u32(8))
        : item.copy(BtreeFile.DATA_HEADER, item.u16(0));
  }

  /** Gives up the pages that a leaf's item has of its own, if any. */
  void freeLeaf(byte[] leaf) throws CorruptFileException {
    free(leaf, 0);
  }

  void freeInternal(byte[] internal) throws CorruptFileException {
    free(internal, BtreeFile.INTERNAL_HEADER);
  }

  private void free(byte[] item, int reference) throws CorruptFileException {
    if (isBig(item)) {
      Overflow.free(pages, view(item).u32(reference + 4));
    }
  }

  private static boolean isBig(byte[] item) {
    return (item[2] & ~BtreeFile.DELETED) == BtreeFile.BIG;
  }

  /** For numbers in the file's byte order. */
  private Page view(byte[] item) {
    return new Page(pages.file(), MemorySegment.ofArray(item), 0, 0);
  }
}
