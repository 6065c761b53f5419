package org.postern.program.daemon;

import java.time.Duration;
import java.util.Optional;
import org.postern.host.service.ConfigurationLook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the files of the configuration, on a thread of its own: twice a second, and at once when
 * a request would be denied. What asks for the latter waits for a look that begins after it has
 * asked, and one look serves all that wait: so nobody is denied what the files approve, and nobody
 * can have them looked at more often than {@link #DISTANCE} allows.
 */
final class ConfigurationWatch implements ConfigurationLook, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationWatch.class);
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final Duration DISTANCE = Duration.ofMillis(20);

  /** So many requests wait for a look at most: a look takes seconds while somebody writes. */
  private static final int MOST = 10_000;

  private static final long MOST_BYTES = 16 << 20;

  private final Reloading reloading;
  private final PendingDenials pending = new PendingDenials(MOST, MOST_BYTES);
  private final Thread thread;
  private volatile boolean closed;

  ConfigurationWatch(Reloading reloading) {
    this.reloading = reloading;
    this.thread = Thread.ofPlatform().name("configuration-watch").daemon().unstarted(this::watch);
  }

  void start() {
    thread.start();
  }

  @Override
  public boolean await(Pending request) {
    boolean added = pending.add(request);
    if (closed) {
      goOn();
    }
    return added;
  }

  @Override
  public Optional<String> trouble() {
    return reloading.trouble();
  }

  private void watch() {
    while (!closed) {
      try {
        pending.await(PERIOD);
        pending.lookBegins();
        look();
        pending.lookEnds().forEach(ConfigurationWatch::goOn);
        Thread.sleep(DISTANCE);
      } catch (InterruptedException e) {
        closed = true;
      }
    }
    goOn();
  }

  /** Nobody looks any more: those that wait go on without it. */
  private void goOn() {
    pending.lookBegins();
    pending.lookEnds().forEach(ConfigurationWatch::goOn);
  }

  private void look() throws InterruptedException {
    try {
      reloading.look();
    } catch (RuntimeException e) {
      LOG.error("cannot see whether the configuration has changed", e);
    }
  }

  private static void goOn(Pending request) {
    try {
      request.looked();
    } catch (RuntimeException e) {
      LOG.error("a request that waited for the configuration has no answer", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
