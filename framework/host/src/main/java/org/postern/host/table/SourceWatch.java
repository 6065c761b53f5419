package org.postern.host.table;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a second whether a table's source has changed, and whether to try a failed one again.
 */
public final class SourceWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SourceWatch.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final List<OpenTables> watched;
  private final Thread thread;

  public SourceWatch(List<OpenTables> watched) {
    this.watched = List.copyOf(watched);
    this.thread = Thread.ofPlatform().name("source-watch").daemon().unstarted(this::watch);
  }

  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    while (true) {
      try {
        Thread.sleep(PERIOD);
      } catch (InterruptedException e) {
        return;
      }
      for (OpenTables tables : watched) {
        for (OpenTable table : tables.all()) {
          try {
            table.check(System.nanoTime());
          } catch (RuntimeException e) {
            LOG.error("{}: cannot see whether its source has changed", table.typeAndName(), e);
          }
        }
      }
    }
  }
}
