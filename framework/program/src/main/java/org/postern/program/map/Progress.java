package org.postern.program.map;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Says on a terminal how far a table is that is being made, on one line that is written again each
 * second and is gone at the end. What else is logged meanwhile is written over it.
 */
final class Progress implements AutoCloseable {
  private static final long EVERY = Duration.ofSeconds(1).toNanos();
  private static final int PAIRS_BETWEEN_LOOKS = 1000;
  private static final String ERASE = "\u001b[K";

  private final String table;
  private final PrintStream terminal;
  private final boolean isShown;
  private final LongSupplier clock;
  private final long begun;
  private long shown;
  private long pairs;

  /**
   * @param table as an operator knows it
   * @param terminal where to say it
   * @param isShown false where that is no terminal
   * @param clock nanoseconds, as of System.nanoTime
   */
  Progress(String table, PrintStream terminal, boolean isShown, LongSupplier clock) {
    this.table = table;
    this.terminal = terminal;
    this.isShown = isShown;
    this.clock = clock;
    this.begun = clock.getAsLong();
    this.shown = begun;
  }

  /** On standard error, if that is a terminal. */
  static Progress of(MapName map) {
    return new Progress(
        map.toString(), System.err, Boolean.getBoolean("postern.log.terminal"), System::nanoTime);
  }

  /** One more pair was read. */
  void pair() {
    pairs++;
    if (isShown && pairs % PAIRS_BETWEEN_LOOKS == 0 && clock.getAsLong() - shown >= EVERY) {
      show("");
    }
  }

  /** All were read; what they are put into is now completed. */
  void completes() {
    if (isShown && clock.getAsLong() - begun >= EVERY) {
      show(", being written");
    }
  }

  private void show(String state) {
    shown = clock.getAsLong();
    terminal.printf(
        Locale.ROOT,
        "%s: %,d entries in %d s%s%s\r",
        table,
        pairs,
        (shown - begun) / EVERY,
        state,
        ERASE);
    terminal.flush();
  }

  /** The line goes. */
  @Override
  public void close() {
    if (shown != begun) {
      terminal.print(ERASE);
      terminal.flush();
    }
  }
}
