package org.postern.driver.lmdb;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * One of the two meta pages: what a transaction left. They take turns, so that the newer one says
 * what is in the file, and the older one what was before.
 *
 * <pre>
 * offset  bytes
 *     16      4  magic
 *     20      4  version
 *     24      8  address of the map
 *     32      8  size of the map
 *     40     48  tree of free pages
 *     88     48  tree of entries
 *    136      8  last page
 *    144      8  transaction
 *
 *      0      4  in a tree: the size of pages (free pages only)
 *      4      2  flags
 *      6      2  depth
 *      8     32  numbers of branch, leaf and overflow pages and of entries
 *     40      8  root, -1 for an empty tree
 * </pre>
 *
 * @param at where it is in the file
 * @param transaction that wrote it
 */
record Meta(
    long at,
    int pageSize,
    int freeFlags,
    int freeDepth,
    long freeRoot,
    int flags,
    int depth,
    long root,
    long lastPage,
    long transaction) {
  /** The end of what matters on a meta page. */
  static final int LENGTH = 152;

  static final int MAGIC = 0xBEEFC0DE;
  static final int VERSION = 1;
  private static final int LEAST_PAGE = 256;
  static final int LARGEST_PAGE = 1 << 15;
  static final int FREE_PAGES = 40;
  static final int ENTRIES = 88;

  /** What a meta page says of a tree, bytes. */
  static final int TREE = 48;

  /** Of the tree of free pages in a new file: keys are numbers; and how Postfix opens the file. */
  static final int NEW_FREE_FLAGS = 0x4008;

  static final int ROOT = 40;
  static final int LAST_PAGE = 136;
  static final int TRANSACTION = 144;

  /** The newer one. */
  static Meta newest(MemorySegment bytes) throws CorruptFileException {
    if (bytes.byteSize() < LENGTH) {
      throw new CorruptFileException(
          "it is no LMDB file: it has only " + bytes.byteSize() + " bytes");
    }
    check(bytes, 0);
    int pageSize = bytes.get(JAVA_INT_UNALIGNED, FREE_PAGES);
    if (pageSize < LEAST_PAGE || pageSize > LARGEST_PAGE || Integer.bitCount(pageSize) != 1) {
      throw new CorruptFileException(0, "pages cannot be of " + pageSize + " bytes");
    }
    if (bytes.byteSize() < pageSize + LENGTH) {
      throw new CorruptFileException(1, "is not in the file");
    }
    check(bytes, pageSize);
    if (bytes.get(JAVA_INT_UNALIGNED, (long) pageSize + FREE_PAGES) != pageSize) {
      throw new CorruptFileException(1, "has another size of pages than page 0");
    }
    long first = bytes.get(JAVA_LONG_UNALIGNED, TRANSACTION);
    long second = bytes.get(JAVA_LONG_UNALIGNED, pageSize + TRANSACTION);
    long at = Long.compareUnsigned(first, second) < 0 ? pageSize : 0;
    return of(bytes.asSlice(at, LENGTH), at, pageSize);
  }

  /**
   * What a meta page says.
   *
   * @param at where it is in the file
   */
  static Meta of(MemorySegment page, long at, int pageSize) {
    return new Meta(
        at,
        pageSize,
        u16(page, FREE_PAGES + 4),
        u16(page, FREE_PAGES + 6),
        page.get(JAVA_LONG_UNALIGNED, FREE_PAGES + ROOT),
        u16(page, ENTRIES + 4),
        u16(page, ENTRIES + 6),
        page.get(JAVA_LONG_UNALIGNED, ENTRIES + ROOT),
        page.get(JAVA_LONG_UNALIGNED, LAST_PAGE),
        page.get(JAVA_LONG_UNALIGNED, TRANSACTION));
  }

  private static void check(MemorySegment bytes, long at) throws CorruptFileException {
    if ((bytes.get(JAVA_SHORT_UNALIGNED, at + Page.FLAGS) & Page.META) == 0
        || bytes.get(JAVA_INT_UNALIGNED, at + Page.HEADER) != MAGIC) {
      throw new CorruptFileException(at == 0 ? 0 : 1, "it is no LMDB file");
    }
    int version = bytes.get(JAVA_INT_UNALIGNED, at + Page.HEADER + 4);
    if (version != VERSION) {
      throw new CorruptFileException(
          at == 0 ? 0 : 1, "the format is of version " + version + ", not " + VERSION);
    }
  }

  private static int u16(MemorySegment bytes, long at) {
    return bytes.get(JAVA_SHORT_UNALIGNED, at) & 0xFFFF;
  }

  /**
   * Whether this meta page is as it was when it was read: {@link DataFile} says why.
   *
   * @param page the meta page as it is now
   */
  boolean isIn(MemorySegment page) {
    return page.get(JAVA_LONG_UNALIGNED, TRANSACTION) == transaction
        && page.get(JAVA_LONG_UNALIGNED, ENTRIES + ROOT) == root
        && page.get(JAVA_LONG_UNALIGNED, FREE_PAGES + ROOT) == freeRoot;
  }
}
