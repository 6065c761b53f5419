package org.postern.host.table;

import java.time.Duration;
import org.postern.spi.TableUnavailableException;

/**
 * The heap that tables ask for while they are opened, all of them together. Each of several large
 * files may leave room for the others, and all at once may not. Any thread may call.
 *
 * <p>An estimate, on the careful side: half of the heap that is free when the first of them begins.
 * The other half is for clients, and for the gaps between large arrays.
 */
final class OpeningMemory {
  private static final long MIB = 1 << 20;

  /** A full collection is dear: files that are too large must not have one follow another. */
  private static final Duration BETWEEN_COLLECTIONS = Duration.ofSeconds(5);

  /** The heap of this process, which all services share. */
  static final OpeningMemory HEAP = new OpeningMemory();

  private int openings;
  private long room;
  private long reserved;
  private long collected = System.nanoTime() - BETWEEN_COLLECTIONS.toNanos();

  private OpeningMemory() {}

  /** An opening begins. {@link #end} is to be called once. */
  synchronized void begin() {
    if (openings == 0) {
      room = halfOfFreeHeap();
    }
    openings++;
  }

  /**
   * An opening has ended: what it has kept is in use now, and what it has not is garbage.
   *
   * @param bytes all that it has reserved
   */
  synchronized void end(long bytes) {
    openings--;
    reserved -= bytes;
    room -= bytes;
  }

  /**
   * Reserves room until the opening ends.
   *
   * @param bytes how much more than before
   * @throws TableUnavailableException when there is not so much
   */
  synchronized void reserve(long bytes) throws TableUnavailableException {
    if (reserved + bytes > room && mayCollect()) {
      System.gc(); // what looks taken may be garbage
      room = reserved + halfOfFreeHeap();
    }
    if (reserved + bytes > room) {
      throw new TableUnavailableException(
          "table too large: the Java heap of %d MB has room for %d MB of tables that are opened at one time, of which %d MB are taken by others and by the part that was read"
              .formatted(
                  Runtime.getRuntime().maxMemory() / MIB, Math.max(0, room) / MIB, reserved / MIB));
    }
    reserved += bytes;
  }

  private boolean mayCollect() {
    long now = System.nanoTime();
    if (now - collected < BETWEEN_COLLECTIONS.toNanos()) {
      return false;
    }
    collected = now;
    return true;
  }

  private static long halfOfFreeHeap() {
    Runtime java = Runtime.getRuntime();
    return (java.maxMemory() - (java.totalMemory() - java.freeMemory())) / 2;
  }
}
