package org.postern.driver.unix.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.postern.platform.libc.CFunction;

/**
 * The memory that one thread's calls work in, kept from call to call. It grows to what the longest
 * name and the largest entry have needed, and goes with its thread.
 */
final class CallMemory {
  /**
   * Too small for any entry, so that growing is everyday business and not kept for large groups.
   */
  private static final int FIRST_BUFFER = 1 << 4;

  /** A group with a hundred thousand members fits; an endless answer does not. */
  private static final int LARGEST_BUFFER = 1 << 24;

  /** struct passwd takes 48 bytes, struct group 32. */
  private static final int ENTRY = 48;

  private static final MemorySegment EVERYWHERE = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final ThreadLocal<CallMemory> OF_THREAD = ThreadLocal.withInitial(CallMemory::new);

  /** Where the call puts errno, which these functions do not use. */
  final MemorySegment state = Arena.ofAuto().allocate(CFunction.CALL_STATE);

  /** Where the call puts the entry's struct. */
  final MemorySegment entry = Arena.ofAuto().allocate(ENTRY, ADDRESS.byteAlignment());

  /** Where it puts the entry's address, or NULL when there is none. */
  final MemorySegment result = Arena.ofAuto().allocate(ADDRESS);

  private MemorySegment name = Arena.ofAuto().allocate(256);
  private MemorySegment buffer = Arena.ofAuto().allocate(FIRST_BUFFER);
  private byte[] text = new byte[256];
  private int length;

  private CallMemory() {}

  static CallMemory ofThisThread() {
    return OF_THREAD.get();
  }

  /** The name as a C string. */
  MemorySegment name(byte[] key) {
    if (key.length >= name.byteSize()) {
      name = Arena.ofAuto().allocate(2L * key.length);
    }
    MemorySegment.copy(key, 0, name, JAVA_BYTE, 0, key.length);
    name.set(JAVA_BYTE, key.length, (byte) 0);
    return name;
  }

  /** Where the call puts the strings that the entry points to. */
  MemorySegment buffer() {
    return buffer;
  }

  /** Makes the buffer twice as large; false when it is as large as it may be. */
  boolean growBuffer() {
    if (buffer.byteSize() >= LARGEST_BUFFER) {
      return false;
    }
    buffer = Arena.ofAuto().allocate(2 * buffer.byteSize());
    return true;
  }

  /** Whether the last call found an entry. */
  boolean isFound() {
    return result.get(ADDRESS, 0).address() != 0;
  }

  /** Begins a text. */
  void begin() {
    length = 0;
  }

  /** Adds the C string that a field of the entry points to; nothing for a NULL. */
  void addString(long offset) {
    addStringAt(pointer(offset));
  }

  void addStringAt(long address) {
    if (address != 0) {
      byte b;
      while ((b = EVERYWHERE.get(JAVA_BYTE, address++)) != 0) {
        add(b);
      }
    }
  }

  void add(byte b) {
    if (length == text.length) {
      text = Arrays.copyOf(text, 2 * length);
    }
    text[length++] = b;
  }

  /** Adds a uid or gid: an unsigned number. */
  void addId(int id) {
    String digits = Integer.toUnsignedString(id);
    for (int i = 0; i < digits.length(); i++) {
      add((byte) digits.charAt(i));
    }
  }

  /** The pointer in a field of the entry. */
  long pointer(long offset) {
    return entry.get(ADDRESS, offset).address();
  }

  /** The pointer at an address. */
  static long pointerAt(long address) {
    return EVERYWHERE.get(ADDRESS, address).address();
  }

  /** The text since {@link #begin}. */
  byte[] text() {
    return Arrays.copyOf(text, length);
  }
}
