package org.postern.driver.cdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** The file of a new table while it is written, from its beginning to its end. */
final class NewRecords {
  private static final int BUFFER = 1 << 18;
  private static final int LENGTHS = 8;

  private final FileChannel channel;
  private final ByteBuffer buffer = buffer(BUFFER);

  /** Where in the file the buffer begins. */
  private long start;

  NewRecords(FileChannel channel) throws IOException {
    this.channel = channel;
    for (int i = 0; i < CdbFile.HEADER / Long.BYTES; i++) {
      buffer.putLong(0);
    }
  }

  static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Where the next byte goes. */
  long end() {
    return start + buffer.position();
  }

  /**
   * Adds a record.
   *
   * @return where it is
   */
  long add(byte[] key, byte[] value) throws IOException {
    long at = end();
    putNumbers(key.length, value.length);
    put(key);
    put(value);
    return at;
  }

  void putNumbers(int first, int second) throws IOException {
    if (buffer.remaining() < LENGTHS) {
      flush();
    }
    buffer.putInt(first).putInt(second);
  }

  private void put(byte[] bytes) throws IOException {
    for (int done = 0; done < bytes.length; ) {
      if (!buffer.hasRemaining()) {
        flush();
      }
      int here = Math.min(bytes.length - done, buffer.remaining());
      buffer.put(bytes, done, here);
      done += here;
    }
  }

  /** Has in the file what was added. */
  void flush() throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      start += channel.write(buffer, start);
    }
    buffer.clear();
  }

  /** Whether a record has this key. */
  boolean isKey(long at, byte[] key) throws IOException {
    ByteBuffer lengths = read(at, LENGTHS);
    return lengths.getInt() == key.length
        && Arrays.equals(read(at + LENGTHS, key.length).array(), key);
  }

  private ByteBuffer read(long at, int length) throws IOException {
    if (at + length > start) {
      flush();
    }
    ByteBuffer bytes = buffer(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("the file was cut short while it was written");
      }
    }
    return bytes.flip();
  }

  /**
   * Moves a record towards the beginning, over what is no longer needed.
   *
   * @return where it ends then
   */
  long move(long from, long to) throws IOException {
    ByteBuffer lengths = read(from, LENGTHS);
    long length = LENGTHS + (lengths.getInt() & 0xFFFF_FFFFL) + (lengths.getInt() & 0xFFFF_FFFFL);
    for (long done = 0; done < length; ) {
      ByteBuffer part = read(from + done, (int) Math.min(length - done, BUFFER));
      while (part.hasRemaining()) {
        done += channel.write(part, to + done);
      }
    }
    return to + length;
  }

  /** Gives up all that is behind. */
  void truncate(long end) throws IOException {
    flush();
    channel.truncate(end);
    start = end;
  }

  /** Writes the file's first bytes, when all else is written. */
  void putHeader(ByteBuffer header) throws IOException {
    flush();
    while (header.hasRemaining()) {
      channel.write(header, header.position());
    }
  }
}
