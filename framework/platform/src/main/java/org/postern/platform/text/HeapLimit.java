package org.postern.platform.text;

import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * Keeps a table that is too large for this process from ending it: what would not fit into the
 * heap, alone or together with other tables that are being opened, is refused with a message. There
 * is no other limit.
 *
 * <p>An estimate, on the careful side. Used by one thread.
 */
public final class HeapLimit {
  private static final long MIB = 1 << 20;

  /** Asked for in steps: the host is told of all that the openings under way need. */
  private static final long STEP = MIB;

  /** Who is told of what is needed. */
  private interface Reservation {
    void reserve(long bytes) throws TableUnavailableException;
  }

  private final Reservation reservation;
  private final String file;
  private long kept;
  private long reserved;
  private long limit;
  private boolean collected;

  /**
   * For a table that is opened.
   *
   * @param file what it is read from, for the message
   */
  public HeapLimit(TableOpening opening, String file) {
    this(opening::reserve, file);
  }

  /** For a command, which has the process for itself. */
  public HeapLimit(String file) {
    this(_ -> {}, file);
  }

  private HeapLimit(Reservation reservation, String file) {
    this.reservation = reservation;
    this.file = file;
    this.limit = halfOfFreeHeap();
  }

  /**
   * Asks for room that the table takes as long as it is open.
   *
   * @param bytes how much more than was asked for before
   * @throws TableUnavailableException when the heap has no room for all of it
   */
  public void keep(long bytes) throws TableUnavailableException {
    pass(bytes);
    kept += bytes;
  }

  /**
   * Asks for room that is needed for a moment, beside what is kept.
   *
   * @throws TableUnavailableException when the heap has no room for both
   */
  public void pass(long bytes) throws TableUnavailableException {
    if (kept + bytes > limit && !collected) {
      collected = true; // once: what looks taken may be garbage
      System.gc();
      limit = kept + halfOfFreeHeap();
    }
    if (kept + bytes > limit) {
      throw new TableUnavailableException(
          "%s: table too large: needs more than %d MB, Java heap of %d MB has room for %d MB"
              .formatted(
                  file, (kept + bytes) / MIB, Runtime.getRuntime().maxMemory() / MIB, limit / MIB));
    }
    reserve(kept + bytes);
  }

  /** Tells the host of what is needed, the first few bytes apart. */
  private void reserve(long needed) throws TableUnavailableException {
    long wanted = needed / STEP * STEP;
    if (wanted > reserved) {
      try {
        reservation.reserve(wanted - reserved);
      } catch (TableUnavailableException e) {
        throw new TableUnavailableException(file + ": " + e.getMessage(), e);
      }
      reserved = wanted;
    }
  }

  /** The other half is for everybody else, and for the gaps between large arrays. */
  private static long halfOfFreeHeap() {
    Runtime java = Runtime.getRuntime();
    return (java.maxMemory() - (java.totalMemory() - java.freeMemory())) / 2;
  }
}
