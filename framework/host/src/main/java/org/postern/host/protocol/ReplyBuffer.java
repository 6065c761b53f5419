package org.postern.host.protocol;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.postern.platform.text.ByteStrings;

/** Replies as bytes, one after the other. Grows as needed. Used by one thread at a time. */
public final class ReplyBuffer {
  private static final int COMFORTABLE = 64 * 1024;
  private static final byte[] STATUS = ByteStrings.bytes("status\0");
  private static final byte[] FLAGS = ByteStrings.bytes("flags\0");
  private static final byte[] KEY = ByteStrings.bytes("key\0");
  private static final byte[] VALUE = ByteStrings.bytes("value\0");
  private static final int LONGEST_NUMBER = 10;

  private final int kept;
  private byte[] bytes = new byte[COMFORTABLE];
  private int size;

  /** One that keeps little room. */
  public ReplyBuffer() {
    this(COMFORTABLE);
  }

  /**
   * One that is used much.
   *
   * @param kept how much room is kept when a large reply has needed it, bytes
   */
  public ReplyBuffer(int kept) {
    this.kept = kept;
  }

  /** Appends a reply in the form that the request's kind and dialect ask for. */
  public void append(RequestKind kind, Dialect dialect, Reply reply) {
    int keyLength = kind.showsKey() ? untilNul(reply.key()) : 0;
    int valueLength = kind.showsValue() ? untilNul(reply.value()) : 0;
    // Each attribute's name, value and NULs, and the last NUL.
    long most =
        (long) size
            + STATUS.length
            + FLAGS.length
            + LONGEST_NUMBER
            + KEY.length
            + keyLength
            + VALUE.length
            + valueLength
            + 6;
    if (most > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(most, 2L * bytes.length)));
    }
    put(STATUS, STATUS.length);
    bytes[size++] = (byte) ('0' + reply.status().number());
    bytes[size++] = 0;
    if (kind.showsFlags(dialect)) {
      put(FLAGS, FLAGS.length);
      putNumber(reply.flags());
      bytes[size++] = 0;
    }
    if (kind.showsKey()) {
      put(KEY, KEY.length);
      put(reply.key(), keyLength);
      bytes[size++] = 0;
    }
    if (kind.showsValue()) {
      put(VALUE, VALUE.length);
      put(reply.value(), valueLength);
      bytes[size++] = 0;
    }
    bytes[size++] = 0;
  }

  /** What was appended since {@link #clear}; valid until the next append. */
  public ByteBuffer view() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public int size() {
    return size;
  }

  /** Forgets what was appended last, all beyond a former {@link #size}. */
  public void truncate(int formerSize) {
    size = formerSize;
  }

  /** Forgets what was appended, and room that only a huge reply needed. */
  public void clear() {
    size = 0;
    if (bytes.length > kept) {
      bytes = new byte[COMFORTABLE];
    }
  }

  private void put(byte[] from, int length) {
    System.arraycopy(from, 0, bytes, size, length);
    size += length;
  }

  private void putNumber(int number) {
    long rest = Integer.toUnsignedLong(number);
    int digits = 1;
    for (long n = rest; n >= 10; n /= 10) {
      digits++;
    }
    for (int at = size + digits; at > size; rest /= 10) {
      bytes[--at] = (byte) ('0' + rest % 10);
    }
    size += digits;
  }

  private static int untilNul(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        return i;
      }
    }
    return bytes.length;
  }
}
