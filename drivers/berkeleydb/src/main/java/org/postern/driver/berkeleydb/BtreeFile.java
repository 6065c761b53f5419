package org.postern.driver.berkeleydb;

import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.Keys;
import org.postern.platform.text.CStrings;
import org.postern.spi.Entry;

/**
 * A tree of sorted pages. On a leaf keys and values alternate, and a key that has several values is
 * named again before each of them, or has them in a {@link DuplicateTree}.
 *
 * <pre>
 * first page: at 76 how many keys a page has room for at least, at 88 the root page
 * leaf item: length (two bytes), type byte (1 data, 2 page of duplicates, 3 big item; plus 128 when
 *   it is deleted), then the bytes; for the other two: at 4 the page, at 8 the length
 * internal item: length, type, a byte unused, child page at 4, at 12 the key that the child's keys are
 *   not less than: bytes, or, for a big item, the same form as in a leaf
 * </pre>
 */
final class BtreeFile implements AccessMethod {
  static final int DATA = 1;
  private static final int DUPLICATE_PAGE = 2;
  static final int BIG = 3;
  static final int DELETED = 0x80;

  static final int DATA_HEADER = 3;
  static final int INTERNAL_HEADER = 12;
  static final int BIG_LENGTH = 12;

  /** A page holds at least two keys, so that no tree of pages is higher. */
  static final int HIGHEST = 64;

  private final long root;

  private BtreeFile(long root) {
    this.root = root;
  }

  static BtreeFile read(Pages pages) throws CorruptFileException {
    long root = pages.page(0).u32(88);
    pages.checkNumber(root);
    return new BtreeFile(root);
  }

  long root() {
    return root;
  }

  @Override
  public byte @Nullable [] find(Pages pages, byte[] key, boolean nul) throws CorruptFileException {
    Page page = treePage(pages, root);
    for (int height = 0; page.type() == Page.BTREE_INTERNAL; height++) {
      int child = childIndex(pages, page, key, nul, height);
      page = treePage(pages, page.u32(childAt(page, child)));
    }
    int low = 0;
    int high = page.items() / 2 - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(pages, page, 2 * middle, DATA_HEADER, key, nul) <= 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    // The first of equal keys that is not deleted; the rest of a long row may be on later pages.
    long left = pages.file().pages();
    int index = 2 * low;
    while (true) {
      if (index >= page.items()) {
        if (page.next() == 0) {
          return null;
        }
        if (left-- == 0) {
          throw page.corrupt("is in a chain of pages without an end");
        }
        page = treePage(pages, page.next());
        index = 0;
        continue;
      }
      int difference = compare(pages, page, index, DATA_HEADER, key, nul);
      if (difference < 0) {
        return null;
      }
      if (difference == 0 && !deleted(page, index + 1)) {
        return value(pages, page, index + 1);
      }
      index += 2;
    }
  }

  /** The child that a key is in: the last one whose key is not greater. */
  static int childIndex(Pages pages, Page page, byte[] key, boolean nul, int height)
      throws CorruptFileException {
    if (height > HIGHEST || page.items() == 0) {
      throw page.corrupt(height > HIGHEST ? "the tree is too high" : "has no children");
    }
    // The first key of an internal page stands for all that is less than the second.
    int low = 0;
    int high = page.items() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (compare(pages, page, middle, INTERNAL_HEADER, key, nul) >= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Where an internal item has the number of its child. */
  static int childAt(Page page, int index) throws CorruptFileException {
    return page.item(index, INTERNAL_HEADER) + 4;
  }

  /** How the key that is looked for compares with an item. */
  static int compare(Pages pages, Page page, int index, int header, byte[] key, boolean nul)
      throws CorruptFileException {
    int offset = page.item(index, DATA_HEADER);
    int type = page.u8(offset + 2) & ~DELETED;
    if (type == DATA) {
      int length = page.u16(offset);
      page.checkRange(index, offset + header, length);
      return Keys.compare(key, nul, page.bytes(), page.base() + offset + header, length);
    }
    if (type != BIG) {
      throw page.corrupt("item " + index + " is no key");
    }
    int reference = header == INTERNAL_HEADER ? offset + INTERNAL_HEADER : offset;
    return Keys.compare(key, nul, big(pages, page, index, reference));
  }

  private static byte[] big(Pages pages, Page page, int index, int offset)
      throws CorruptFileException {
    page.checkRange(index, offset, BIG_LENGTH);
    return Overflow.read(pages, page.u32(offset + 4), page.u32(offset + 8));
  }

  static boolean deleted(Page page, int index) throws CorruptFileException {
    return (page.u8(page.item(index, DATA_HEADER) + 2) & DELETED) != 0;
  }

  static byte[] value(Pages pages, Page page, int index) throws CorruptFileException {
    int offset = page.item(index, DATA_HEADER);
    int type = page.u8(offset + 2) & ~DELETED;
    return switch (type) {
      case DATA -> {
        int length = page.u16(offset);
        page.checkRange(index, offset + DATA_HEADER, length);
        yield page.string(offset + DATA_HEADER, length);
      }
      case DUPLICATE_PAGE -> {
        page.checkRange(index, offset, 8);
        yield DuplicateTree.first(pages, page.u32(offset + 4));
      }
      case BIG -> CStrings.untilNul(big(pages, page, index, offset));
      default -> throw page.corrupt("item " + index + " is of unknown type " + type);
    };
  }

  static Page treePage(Pages pages, long number) throws CorruptFileException {
    Page page = pages.page(number);
    page.check();
    if (page.type() != Page.BTREE_LEAF && page.type() != Page.BTREE_INTERNAL) {
      throw page.corrupt("is of type " + page.type() + ", not a page of a btree");
    }
    if (page.type() == Page.BTREE_LEAF && page.items() % 2 != 0) {
      throw page.corrupt("has a key without a value");
    }
    return page;
  }

  private static Page leftmostLeaf(Pages pages, long root) throws CorruptFileException {
    Page page = treePage(pages, root);
    for (int height = 0; page.type() == Page.BTREE_INTERNAL; height++) {
      if (height > HIGHEST || page.items() == 0) {
        throw page.corrupt(height > HIGHEST ? "the tree is too high" : "has no children");
      }
      page = treePage(pages, page.u32(childAt(page, 0)));
    }
    return page;
  }

  @Override
  public Walk walk() {
    return new BtreeWalk();
  }

  @Override
  public void forEach(Pages pages, KeyIndex.Pairs pairs) throws CorruptFileException {
    Page page = leftmostLeaf(pages, root);
    for (long left = pages.file().pages(); ; left--) {
      for (int index = 0; index + 1 < page.items(); index += 2) {
        if (!deleted(page, index + 1)) {
          pair(page, index, pairs);
        }
      }
      if (page.next() == 0) {
        return;
      }
      if (left == 0) {
        throw page.corrupt("is in a chain of pages without an end");
      }
      page = treePage(pages, page.next());
    }
  }

  private static void pair(Page page, int index, KeyIndex.Pairs pairs) throws CorruptFileException {
    int key = page.item(index, DATA_HEADER);
    if ((page.u8(key + 2) & ~DELETED) != DATA) {
      pairs.bigKey();
      return;
    }
    page.checkRange(index, key + DATA_HEADER, page.u16(key));
    int value = page.item(index + 1, DATA_HEADER);
    boolean simple = page.u8(value + 2) == DATA;
    if (simple) {
      page.checkRange(index + 1, value + DATA_HEADER, page.u16(value));
    }
    pairs.pair(
        page, key + DATA_HEADER, page.u16(key), value + DATA_HEADER, simple ? page.u16(value) : -1);
  }

  /** Leaf by leaf, from the leftmost on. */
  private final class BtreeWalk extends ChainWalk {
    private boolean begun;

    @Override
    long nextChain(Pages pages) throws CorruptFileException {
      if (begun) {
        return NONE;
      }
      long leaf = leftmostLeaf(pages, root).number();
      begun = true;
      return leaf;
    }

    @Override
    Page page(Pages pages, long number) throws CorruptFileException {
      return treePage(pages, number);
    }

    @Override
    void read(Pages pages, Page page, int index, Queue<Entry> into) throws CorruptFileException {
      if (deleted(page, index + 1)) {
        return;
      }
      byte[] key = value(pages, page, index);
      int offset = page.item(index + 1, DATA_HEADER);
      if ((page.u8(offset + 2) & ~DELETED) == DUPLICATE_PAGE) {
        page.checkRange(index + 1, offset, 8);
        for (byte[] value : DuplicateTree.all(pages, page.u32(offset + 4))) {
          into.add(new Entry(key, value));
        }
      } else {
        into.add(new Entry(key, value(pages, page, index + 1)));
      }
    }
  }
}
