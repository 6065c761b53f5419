package org.postern.driver.lmdb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.postern.driver.file.Keys;
import org.postern.platform.text.CStrings;

/**
 * A page of a tree, read only, and the nodes on it.
 *
 * <pre>
 * offset  bytes
 *      0      8  page number
 *      8      2  unused
 *     10      2  flags
 *     12      2  end of the index of nodes
 *     14      2  where the lowest node begins; nodes grow down from the end of the page
 *     16      2  for each node, in the order of keys: its offset
 *
 *      0      4  in a node of a leaf: length of the value; of a branch: low part of the child's number
 *      4      2  flags of a leaf's node; of a branch: high part of the child's number
 *      6      2  length of the key
 *      8         key, then the value, or the number of its first overflow page
 * </pre>
 *
 * An overflow page has the number of pages at offset 12, and the value after its header.
 *
 * @param bytes of the page
 * @param size of pages
 * @param number in the file
 */
record Page(MemorySegment bytes, int size, long number) {
  static final int HEADER = 16;
  static final int FLAGS = 10;
  static final int BRANCH = 1;
  static final int LEAF = 2;
  static final int OVERFLOW = 4;
  static final int META = 8;

  static final int NODE = 8;
  static final int BIG = 1;
  static final int BIG_REFERENCE = 8;

  /** All kinds of pages; other flags mean nothing in a file. */
  private static final int KINDS = BRANCH | LEAF | OVERFLOW | META | 0x20 | 0x40;

  /** A page, made sure to be where it says it is. */
  static Page at(MemorySegment bytes, int size, long number) throws CorruptFileException {
    Page page = new Page(bytes, size, number);
    if (page.u64(0) != number) {
      throw page.corrupt("says that it is page " + Long.toUnsignedString(page.u64(0)));
    }
    return page;
  }

  /**
   * A page of a tree, with an index of nodes that is on it.
   *
   * @param depth as for {@link Pages#page}
   */
  static Page ofTree(Pages pages, long number, int depth) throws CorruptFileException {
    Page page = pages.page(number, depth);
    int kind = page.flags() & KINDS;
    if (kind != BRANCH && kind != LEAF) {
      throw page.corrupt("is of type " + page.flags() + ", not a page of a tree");
    }
    if (page.lower() < HEADER || page.lower() > page.upper() || page.upper() > page.size) {
      throw page.corrupt("has an index of nodes from " + page.lower() + " to " + page.upper());
    }
    if (kind == BRANCH && page.nodes() == 0) {
      throw page.corrupt("has no children");
    }
    return page;
  }

  int u16(int offset) {
    return bytes.get(JAVA_SHORT_UNALIGNED, offset) & 0xFFFF;
  }

  long u32(int offset) {
    return bytes.get(JAVA_INT_UNALIGNED, offset) & 0xFFFF_FFFFL;
  }

  long u64(int offset) {
    return bytes.get(JAVA_LONG_UNALIGNED, offset);
  }

  int flags() {
    return u16(FLAGS);
  }

  boolean isLeaf() {
    return (flags() & LEAF) != 0;
  }

  int lower() {
    return u16(12);
  }

  int upper() {
    return u16(14);
  }

  int nodes() {
    return (lower() - HEADER) / 2;
  }

  /** Where a node begins, made sure to be on the page with its key. */
  int node(int index) throws CorruptFileException {
    int node = u16(HEADER + 2 * index);
    if (node < lower() || node + NODE > size || node + NODE + keyLength(node) > size) {
      throw corrupt("node " + index + " is not on the page");
    }
    return node;
  }

  int keyLength(int node) {
    return u16(node + 6);
  }

  byte[] key(int node) {
    byte[] key = new byte[keyLength(node)];
    MemorySegment.copy(bytes, JAVA_BYTE, node + NODE, key, 0, key.length);
    return key;
  }

  /** The page below a branch's node. */
  long child(int node) {
    return u32(node) | (long) u16(node + 4) << 32;
  }

  int nodeFlags(int node) {
    return u16(node + 4);
  }

  long valueLength(int node) {
    return u32(node);
  }

  /** Where a leaf's node has its value, or the number of its first overflow page. */
  int valueAt(int node) {
    return node + NODE + keyLength(node);
  }

  /** The value of a leaf's node, up to its first NUL, as Postfix makes a string of it. */
  byte[] string(int node, Pages pages) throws CorruptFileException {
    MemorySegment value = value(node, pages);
    return CStrings.untilNul(value, 0, (int) value.byteSize());
  }

  /** The value of a leaf's node, all of it. */
  MemorySegment value(int node, Pages pages) throws CorruptFileException {
    long length = valueLength(node);
    return switch (nodeFlags(node)) {
      case 0 -> {
        if (valueAt(node) + length > size) {
          throw corrupt("a value reaches beyond the page");
        }
        yield bytes.asSlice(valueAt(node), length);
      }
      case BIG -> overflow(node, pages).asSlice(HEADER, length);
      default -> throw corrupt("a value is a table of its own");
    };
  }

  /** Where the value of a leaf's node is, when it has pages of its own. */
  long overflowAt(int node) throws CorruptFileException {
    if (valueAt(node) + BIG_REFERENCE > size) {
      throw corrupt("a reference reaches beyond the page");
    }
    return u64(valueAt(node));
  }

  /** How many pages a value of this length has. */
  static long overflowPages(long length, int size) {
    return (HEADER + length - 1) / size + 1;
  }

  /** The header of a value's pages, and the value after it. */
  MemorySegment overflow(int node, Pages pages) throws CorruptFileException {
    long first = overflowAt(node);
    long length = valueLength(node);
    if (length > Integer.MAX_VALUE - HEADER) {
      throw corrupt("a value of " + length + " bytes is not in the file");
    }
    MemorySegment run = pages.run(first, HEADER + length);
    Page page = at(run, size, first);
    if ((page.flags() & KINDS) != OVERFLOW) {
      throw page.corrupt("is of type " + page.flags() + ", not an overflow page");
    }
    return run;
  }

  /** How a key, with or without a NUL after it, compares with a node's: the shorter is less. */
  int compare(byte[] key, boolean nul, int node) {
    return Keys.compare(key, nul, bytes, node + NODE, keyLength(node));
  }

  CorruptFileException corrupt(String reason) {
    return new CorruptFileException(number, reason);
  }
}
