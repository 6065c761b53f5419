package org.postern.driver.berkeleydb;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.postern.platform.text.CStrings;

/**
 * One page: the header that all kinds of pages have, and the items on it. Written only where a
 * {@link Transaction} has made a copy of it.
 *
 * <pre>
 * offset  bytes
 *      0      8  log sequence number
 *      8      4  page number
 *     12      4  previous page
 *     16      4  next page
 *     20      2  number of items; references on an overflow page
 *     22      2  offset of the lowest item; bytes used on an overflow page
 *     24      1  level in the tree, 1 for leaves
 *     25      1  type
 *     26      2  for each item: its offset; items grow down from the end of the page
 * </pre>
 *
 * @param file for the byte order and the size of pages
 * @param bytes holds the page
 * @param base where the page begins in there
 * @param number the page's number in the file
 */
record Page(FileHeader file, MemorySegment bytes, long base, long number) {
  static final int HEADER = 26;

  static final int INVALID = 0;
  static final int HASH_UNSORTED = 2;
  static final int BTREE_INTERNAL = 3;
  static final int NUMBERED_INTERNAL = 4;
  static final int BTREE_LEAF = 5;
  static final int NUMBERED_LEAF = 6;
  static final int OVERFLOW = 7;
  static final int DUPLICATE_LEAF = 12;
  static final int HASH = 13;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  int u8(int offset) {
    return bytes.get(JAVA_BYTE, base + offset) & 0xFF;
  }

  int u16(int offset) {
    short value = bytes.get(SHORT, base + offset);
    return (file.bigEndian() ? Short.reverseBytes(value) : value) & 0xFFFF;
  }

  long u32(int offset) {
    int value = bytes.get(INT, base + offset);
    return (file.bigEndian() ? Integer.reverseBytes(value) : value) & 0xFFFF_FFFFL;
  }

  void putU8(int offset, int value) {
    bytes.set(JAVA_BYTE, base + offset, (byte) value);
  }

  void putU16(int offset, int value) {
    short bits = (short) value;
    bytes.set(SHORT, base + offset, file.bigEndian() ? Short.reverseBytes(bits) : bits);
  }

  void putU32(int offset, long value) {
    int bits = (int) value;
    bytes.set(INT, base + offset, file.bigEndian() ? Integer.reverseBytes(bits) : bits);
  }

  void put(int offset, byte[] from, int start, int length) {
    MemorySegment.copy(from, start, bytes, JAVA_BYTE, base + offset, length);
  }

  /** Makes this an empty page of a type, which is in no chain. Keeps the log sequence number. */
  void clear(int type, int level) {
    bytes.asSlice(base + 8, file.pageSize() - 8).fill((byte) 0);
    putU32(8, number);
    putU16(22, file.pageSize());
    putU8(24, level);
    putU8(25, type);
  }

  int type() {
    return u8(25);
  }

  int level() {
    return u8(24);
  }

  long previous() {
    return u32(12);
  }

  void putPrevious(long page) {
    putU32(12, page);
  }

  long next() {
    return u32(16);
  }

  void putNext(long page) {
    putU32(16, page);
  }

  int items() {
    return u16(20);
  }

  /** How many items refer to the chain that begins with this overflow page. */
  int references() {
    return u16(20);
  }

  void putReferences(int count) {
    putU16(20, count);
  }

  /** The bytes used on an overflow page. */
  int overflowLength() {
    return u16(22);
  }

  void putOverflowLength(int length) {
    putU16(22, length);
  }

  /** Makes sure that the page is where it says it is, and that its index of items is on it. */
  void check() throws CorruptFileException {
    if (u32(8) != number) {
      throw corrupt("says that it is page " + u32(8));
    }
    if (type() != OVERFLOW && HEADER + 2 * items() > file.pageSize()) {
      throw corrupt("has more items than fit: " + items());
    }
  }

  /** Where an item begins, checked to have at least so many bytes before the end of the page. */
  int item(int index, int leastLength) throws CorruptFileException {
    int offset = u16(HEADER + 2 * index);
    if (offset < HEADER + 2 * items() || offset + leastLength > file.pageSize()) {
      throw corrupt("item " + index + " is not on the page");
    }
    return offset;
  }

  /** Makes sure that bytes of an item are on the page. */
  void checkRange(int index, int offset, int length) throws CorruptFileException {
    if (length < 0 || offset + length > file.pageSize()) {
      throw corrupt("item " + index + " reaches beyond the page");
    }
  }

  /** A copy of bytes on the page, up to the first NUL, as Postfix makes a string of them. */
  byte[] string(int offset, int length) {
    return CStrings.untilNul(bytes, base + offset, length);
  }

  byte[] copy(int offset, int length) {
    byte[] copy = new byte[length];
    MemorySegment.copy(bytes, JAVA_BYTE, base + offset, copy, 0, length);
    return copy;
  }

  /** How many bytes items may have together, without their offsets' two bytes each. */
  static int room(FileHeader file, int items) {
    return file.pageSize() - HEADER - 2 * items;
  }

  /** Puts items on the page in place of those it has. They fit, as {@link #room} says. */
  void putItems(List<byte[]> items) {
    int end = file.pageSize();
    for (int i = 0; i < items.size(); i++) {
      byte[] item = items.get(i);
      end -= item.length;
      put(end, item, 0, item.length);
      putU16(HEADER + 2 * i, end);
    }
    putU16(20, items.size());
    putU16(22, end);
    int index = HEADER + 2 * items.size();
    bytes.asSlice(base + index, end - index).fill((byte) 0);
  }

  /**
   * The offset of the lowest item, checked to leave room for the index. On the largest pages, two
   * bytes are too few for that of an empty one.
   */
  private int lowest() throws CorruptFileException {
    int lowest = items() == 0 ? file.pageSize() : u16(22);
    if (lowest < HEADER + 2 * items() || lowest > file.pageSize()) {
      throw corrupt("says that its items begin at " + lowest);
    }
    return lowest;
  }

  /**
   * Puts an item in the place of another one, and moves those below.
   *
   * @param length of the one that is there
   * @return false when there is no room for it
   */
  boolean replaceItem(int index, int length, byte[] item) throws CorruptFileException {
    int offset = item(index, length);
    int lowest = lowest();
    int growth = item.length - length;
    if (offset < lowest || lowest - growth < HEADER + 2 * items()) {
      return false;
    }
    if (growth != 0) {
      move(lowest, offset, growth);
      for (int i = 0; i < items(); i++) {
        int place = HEADER + 2 * i;
        if (u16(place) <= offset) {
          putU16(place, u16(place) - growth);
        }
      }
      putU16(22, lowest - growth);
    }
    put(offset - growth, item, 0, item.length);
    return true;
  }

  /** Moves bytes down, or up, and leaves zeros where nothing is then. */
  private void move(int from, int to, int down) {
    MemorySegment.copy(bytes, base + from, bytes, base + from - down, to - from);
    if (down < 0) {
      bytes.asSlice(base + from, -down).fill((byte) 0);
    }
  }

  /**
   * Puts two items on the page, before the one that has their place in the index now.
   *
   * @return false when there is no room for them
   */
  boolean insertItems(int index, byte[] first, byte[] second) throws CorruptFileException {
    if (!hasRoom(first.length + second.length)) {
      return false;
    }
    insertBelow(lowest(), index, first, second);
    return true;
  }

  /**
   * Likewise, where each item lies below the one before it: in a hash.
   *
   * @return false when there is no room for them
   */
  boolean insertInOrder(int index, byte[] first, byte[] second) throws CorruptFileException {
    int length = first.length + second.length;
    if (!hasRoom(length)) {
      return false;
    }
    int lowest = lowest();
    int above = index == 0 ? file.pageSize() : u16(HEADER + 2 * index - 2);
    if (above < lowest) {
      throw corrupt("has items that are not in order");
    }
    move(lowest, above, length);
    for (int i = index; i < items(); i++) {
      putU16(HEADER + 2 * i, u16(HEADER + 2 * i) - length);
    }
    insertBelow(above, index, first, second);
    return true;
  }

  private boolean hasRoom(int length) throws CorruptFileException {
    return lowest() - length >= HEADER + 2 * items() + 4;
  }

  private void insertBelow(int above, int index, byte[] first, byte[] second)
      throws CorruptFileException {
    int lowest = lowest() - first.length - second.length;
    int place = HEADER + 2 * index;
    int end = HEADER + 2 * items();
    MemorySegment.copy(bytes, base + place, bytes, base + place + 4, end - place);
    putItem(place, above - first.length, first);
    putItem(place + 2, above - first.length - second.length, second);
    putU16(20, items() + 2);
    putU16(22, lowest);
  }

  private void putItem(int place, int offset, byte[] item) {
    put(offset, item, 0, item.length);
    putU16(place, offset);
  }

  CorruptFileException corrupt(String reason) {
    return new CorruptFileException(number, reason);
  }
}
