package org.postern.host.protocol;

import java.util.ArrayDeque;

/**
 * Buffers of one size for what is long or waits, used again and again: an array that lives for
 * seconds and is thrown away has the heap grow, since it is old by then. Belongs to one event loop,
 * and is used by one thread at a time.
 */
public final class Pieces {
  /** Of each, bytes. */
  public static final int SIZE = 64 * 1024;

  private static final int FEW = 16;
  private static final int SWEEPS = 60;

  private final ArrayDeque<byte[]> unused = new ArrayDeque<>();
  private byte[] whole = {};

  /** One whose content is of no matter. */
  public byte[] take() {
    byte[] piece = unused.poll();
    return piece != null ? piece : new byte[SIZE];
  }

  /** Gives one back, that nobody has any more. */
  public void give(byte[] piece) {
    unused.push(piece);
  }

  /** Room for one long message, until this is called again. */
  byte[] whole(int size) {
    if (whole.length < size) {
      whole = new byte[size];
    }
    return whole;
  }

  /** Gives up some of those that are not used. To be called every second. */
  public void sweep() {
    for (int i = (unused.size() - FEW + SWEEPS - 1) / SWEEPS; i > 0; i--) {
      unused.removeLast();
    }
  }
}
