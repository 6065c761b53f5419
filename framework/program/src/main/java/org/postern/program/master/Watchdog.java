package org.postern.program.master;

import java.time.Duration;
import java.util.function.Consumer;
import org.postern.platform.log.LogMarkers;
import org.postern.program.log.LogSetup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when its event loops do not answer any more, with what each thread is at in the
 * log: master(8) then starts another one.
 */
public final class Watchdog {
  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

  /** So often it looks within the time. */
  private static final int LOOKS = 3;

  private final Duration timeout;
  private final Consumer<Runnable> afterTurn;
  private final Runnable end;
  private volatile long alive = System.nanoTime();

  /**
   * @param timeout the parameter daemon_timeout
   * @param afterTurn does something when every event loop has ended what it is at
   * @param end ends the process, whatever its threads are at
   */
  public Watchdog(Duration timeout, Consumer<Runnable> afterTurn, Runnable end) {
    this.timeout = timeout;
    this.afterTurn = afterTurn;
    this.end = end;
  }

  public void start() {
    Thread.ofPlatform().name("watchdog").daemon().start(this::run);
  }

  private void run() {
    try {
      while (System.nanoTime() - alive < timeout.toNanos()) {
        afterTurn.accept(() -> alive = System.nanoTime());
        Thread.sleep(Duration.ofNanos(timeout.toNanos() / LOOKS));
      }
    } catch (InterruptedException e) {
      return;
    }
    Thread.getAllStackTraces().forEach(Watchdog::log);
    LOG.error(LogMarkers.FATAL, "watchdog timeout");
    LogSetup.flush();
    end.run();
  }

  private static void log(Thread thread, StackTraceElement[] stack) {
    StringBuilder lines = new StringBuilder(thread.getName() + ": " + thread.getState());
    for (StackTraceElement frame : stack) {
      lines.append("\n  at ").append(frame);
    }
    LOG.error("{}", lines);
  }
}
