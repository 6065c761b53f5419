package org.postern.host.daemon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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

  private final Reloading reloading;
  private final BlockingQueue<Runnable> asked = new LinkedBlockingQueue<>();
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
  public void thenRun(Runnable action) {
    asked.add(action);
    if (closed) {
      runAll(takeAll());
    }
  }

  @Override
  public Optional<String> trouble() {
    return reloading.trouble();
  }

  private void watch() {
    while (!closed) {
      try {
        Runnable first = asked.poll(PERIOD.toMillis(), TimeUnit.MILLISECONDS);
        List<Runnable> waiting = takeAll();
        look();
        if (first != null) {
          run(first);
        }
        runAll(waiting);
        Thread.sleep(DISTANCE);
      } catch (InterruptedException e) {
        closed = true;
      }
    }
    runAll(takeAll());
  }

  private void look() throws InterruptedException {
    try {
      reloading.look();
    } catch (RuntimeException e) {
      LOG.error("cannot see whether the configuration has changed", e);
    }
  }

  private List<Runnable> takeAll() {
    List<Runnable> taken = new ArrayList<>();
    asked.drainTo(taken);
    return taken;
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.error("a request that waited for the configuration has no answer", e);
    }
  }

  private static void runAll(List<Runnable> actions) {
    actions.forEach(ConfigurationWatch::run);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
