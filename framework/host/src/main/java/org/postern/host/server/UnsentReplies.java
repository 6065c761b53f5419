package org.postern.host.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.postern.host.protocol.Pieces;

/**
 * Replies that a client has not read yet, in pieces: bytes are copied once, when they come, however
 * many there are already. Costs no buffer while there are none. Used by one thread at a time.
 */
final class UnsentReplies {
  /** The JDK copies all that it is given to write, also what the socket does not take then. */
  static final int PIECE = Pieces.SIZE;

  /** So little has a buffer of its own. */
  private static final int LITTLE = 8 * 1024;

  private static final int LEAST = 1024;

  private final Pieces pool;
  private @Nullable ArrayDeque<ByteBuffer> pieces;
  private long remaining;
  private long held;

  UnsentReplies(Pieces pool) {
    this.pool = pool;
  }

  boolean isEmpty() {
    return remaining == 0;
  }

  /** How many bytes wait. */
  long remaining() {
    return remaining;
  }

  /** How much memory they take. */
  long held() {
    return held;
  }

  /** Keeps what remains of a buffer. */
  void add(ByteBuffer bytes) {
    ArrayDeque<ByteBuffer> all = pieces;
    if (all == null) {
      all = new ArrayDeque<>(2);
      pieces = all;
    }
    remaining += bytes.remaining();
    while (bytes.hasRemaining()) {
      ByteBuffer last = all.peekLast();
      if (last == null || last.limit() == last.capacity()) {
        last =
            bytes.remaining() > LITTLE
                ? ByteBuffer.wrap(pool.take()).limit(0)
                : ByteBuffer.allocate(Math.max(bytes.remaining(), LEAST)).limit(0);
        held += last.capacity();
        all.add(last);
      }
      int end = last.limit();
      int count = Math.min(bytes.remaining(), last.capacity() - end);
      last.limit(end + count).put(end, bytes, bytes.position(), count);
      bytes.position(bytes.position() + count);
    }
  }

  /**
   * Writes what the channel takes.
   *
   * @return how many bytes that was
   */
  int writeTo(WritableByteChannel channel) throws IOException {
    ArrayDeque<ByteBuffer> all = pieces;
    int written = 0;
    while (all != null && !all.isEmpty()) {
      ByteBuffer first = all.element();
      int count = channel.write(first);
      written += count;
      remaining -= count;
      if (first.hasRemaining()) {
        return written;
      }
      all.remove();
      giveBack(first);
    }
    pieces = null;
    return written;
  }

  private void giveBack(ByteBuffer piece) {
    held -= piece.capacity();
    if (piece.capacity() == PIECE && piece.arrayOffset() == 0) {
      pool.give(piece.array());
    }
  }

  /** Nobody will read them. */
  void release() {
    if (pieces != null) {
      pieces.forEach(this::giveBack);
      pieces = null;
      remaining = 0;
    }
  }

  /**
   * Writes what the channel takes of a buffer, piece by piece.
   *
   * @return how many bytes that was
   */
  static int write(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    if (bytes.remaining() <= PIECE) {
      return channel.write(bytes);
    }
    int end = bytes.limit();
    int begin = bytes.position();
    try {
      do {
        bytes.limit(Math.min(end, bytes.position() + PIECE));
        channel.write(bytes);
      } while (!bytes.hasRemaining() && bytes.position() < end);
    } finally {
      bytes.limit(end);
    }
    return bytes.position() - begin;
  }
}
