package org.postern.driver.textfile;

import org.postern.spi.TableUnavailableException;

/**
 * Keeps a table that is too large for this process from ending it: what would not fit into the heap
 * is refused with a message. There is no other limit.
 *
 * <p>An estimate, on the careful side. Used by one thread.
 */
final class HeapLimit {
  private static final long MIB = 1 << 20;

  private final String file;
  private long claimed;
  private long limit;
  private boolean collected;

  HeapLimit(String file) {
    this.file = file;
    this.limit = threeQuartersOfFreeHeap();
  }

  /**
   * Asks for room before taking it.
   *
   * @param bytes how much more the table takes than was claimed before
   * @throws TableUnavailableException when the heap has no room for all that was claimed
   */
  void claim(long bytes) throws TableUnavailableException {
    claimed += bytes;
    if (claimed > limit && !collected) {
      // What looks taken may be garbage, and what was claimed so far is already in use.
      collected = true;
      long taken = claimed - bytes;
      System.gc();
      limit = taken + threeQuartersOfFreeHeap();
    }
    if (claimed > limit) {
      throw new TableUnavailableException(
          "%s: table too large: needs more than %d MB, Java heap has room for %d MB of %d MB"
              .formatted(file, claimed / MIB, limit / MIB, Runtime.getRuntime().maxMemory() / MIB));
    }
  }

  private static long threeQuartersOfFreeHeap() {
    Runtime java = Runtime.getRuntime();
    return (java.maxMemory() - (java.totalMemory() - java.freeMemory())) / 4 * 3;
  }
}
