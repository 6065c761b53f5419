package org.postern.driver.lmdb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Changes the nodes on a page; {@link Page} says how it is laid out. */
final class PageChange {
  private static final int LOWER = 12;
  private static final int UPPER = 14;
  private static final int INDEX = 2;

  private PageChange() {}

  /** An empty page. */
  static Page empty(MemorySegment bytes, int size, long number, int flags) {
    bytes.set(JAVA_LONG_UNALIGNED, 0, number);
    bytes.set(JAVA_SHORT_UNALIGNED, 8, (short) 0);
    bytes.set(JAVA_SHORT_UNALIGNED, Page.FLAGS, (short) flags);
    bytes.set(JAVA_SHORT_UNALIGNED, LOWER, (short) Page.HEADER);
    bytes.set(JAVA_SHORT_UNALIGNED, UPPER, (short) size);
    return new Page(bytes, size, number);
  }

  /**
   * A node of a leaf, as it is on a page.
   *
   * @param length of the value
   * @param stored the value, or where it is
   * @param flags {@link Page#BIG} for the latter
   */
  static byte[] leafNode(byte[] key, int length, byte[] stored, int flags) {
    byte[] node = new byte[even(Page.NODE + key.length + stored.length)];
    MemorySegment bytes = MemorySegment.ofArray(node);
    bytes.set(JAVA_INT_UNALIGNED, 0, length);
    bytes.set(JAVA_SHORT_UNALIGNED, 4, (short) flags);
    bytes.set(JAVA_SHORT_UNALIGNED, 6, (short) key.length);
    System.arraycopy(key, 0, node, Page.NODE, key.length);
    System.arraycopy(stored, 0, node, Page.NODE + key.length, stored.length);
    return node;
  }

  /** A node of a branch. */
  static byte[] branchNode(byte[] key, long child) {
    byte[] node = leafNode(key, 0, new byte[0], 0);
    setChild(MemorySegment.ofArray(node), 0, child);
    return node;
  }

  static void setChild(MemorySegment bytes, int node, long child) {
    bytes.set(JAVA_INT_UNALIGNED, node, (int) child);
    bytes.set(JAVA_SHORT_UNALIGNED, node + 4L, (short) (child >>> 32));
  }

  /** The key of a node that {@link #node} gave. */
  static byte[] key(byte[] node) {
    int length = Short.toUnsignedInt(MemorySegment.ofArray(node).get(JAVA_SHORT_UNALIGNED, 6));
    return Arrays.copyOfRange(node, Page.NODE, Page.NODE + length);
  }

  /** The child of a node that {@link #node} gave. */
  static long child(byte[] node) {
    return new Page(MemorySegment.ofArray(node), node.length, 0).child(0);
  }

  static int even(int length) {
    return length + (length & 1);
  }

  /** A copy of a node. */
  static byte[] node(Page page, int index) throws CorruptFileException {
    int at = page.node(index);
    byte[] node = new byte[length(page, at)];
    MemorySegment.copy(page.bytes(), JAVA_BYTE, at, node, 0, node.length);
    return node;
  }

  private static int length(Page page, int node) {
    int length = Page.NODE + page.keyLength(node);
    if (page.isLeaf()) {
      boolean big = page.nodeFlags(node) == Page.BIG;
      length += big ? Page.BIG_REFERENCE : (int) page.valueLength(node);
    }
    return even(length);
  }

  /** How many bytes of a page are not in use. */
  static int room(Page page) {
    return page.upper() - page.lower();
  }

  /** How many bytes nodes and their index take. */
  static int used(Page page) {
    return page.size() - Page.HEADER - room(page);
  }

  /** How many bytes a page of this size has for nodes and their index. */
  static int capacity(int size) {
    return size - Page.HEADER;
  }

  static int needed(byte[] node) {
    return node.length + INDEX;
  }

  /** Puts a node before that of the index; there must be room. */
  static void insert(Page page, int index, byte[] node) {
    MemorySegment bytes = page.bytes();
    int lower = page.lower();
    int at = page.upper() - node.length;
    int slot = Page.HEADER + INDEX * index;
    MemorySegment.copy(bytes, slot, bytes, slot + INDEX, lower - slot);
    bytes.set(JAVA_SHORT_UNALIGNED, slot, (short) at);
    bytes.set(JAVA_SHORT_UNALIGNED, LOWER, (short) (lower + INDEX));
    bytes.set(JAVA_SHORT_UNALIGNED, UPPER, (short) at);
    MemorySegment.copy(node, 0, bytes, JAVA_BYTE, at, node.length);
  }

  static void remove(Page page, int index) throws CorruptFileException {
    MemorySegment bytes = page.bytes();
    int nodes = page.nodes();
    int at = page.node(index);
    int length = length(page, at);
    int upper = page.upper();
    int slot = Page.HEADER + INDEX * index;
    int lower = page.lower();
    MemorySegment.copy(bytes, slot + INDEX, bytes, slot, lower - slot - INDEX);
    bytes.set(JAVA_SHORT_UNALIGNED, LOWER, (short) (lower - INDEX));
    MemorySegment.copy(bytes, upper, bytes, upper + length, at - upper);
    bytes.set(JAVA_SHORT_UNALIGNED, UPPER, (short) (upper + length));
    for (int i = 0; i < nodes - 1; i++) {
      int offset = page.u16(Page.HEADER + INDEX * i);
      if (offset < at) {
        bytes.set(JAVA_SHORT_UNALIGNED, Page.HEADER + INDEX * i, (short) (offset + length));
      }
    }
  }

  /** Makes these the nodes of a page. */
  static void fill(Page page, List<byte[]> nodes) {
    empty(page.bytes(), page.size(), page.number(), page.flags());
    for (int i = 0; i < nodes.size(); i++) {
      insert(page, i, nodes.get(i));
    }
  }
}
