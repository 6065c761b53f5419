package org.postern.host.service;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postern.spi.Backend;

/**
 * Who waits for backends: each backend has as many workers as it names, and its own bounded queue,
 * so that one that hangs fills its own queue and delays nobody else. A call that hangs is
 * interrupted, and if that does not end it, given up: another worker takes the place of its own.
 */
public final class BackendWorkers implements AutoCloseable {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Limits limits;
  private final Duration pause;
  private final ConcurrentHashMap<String, Workers> backends = new ConcurrentHashMap<>();
  private final AtomicBoolean watched = new AtomicBoolean();
  private volatile @Nullable Thread watch;

  /**
   * What one backend may use.
   *
   * @param queue how many requests may wait for its workers
   * @param call how long a call may take before it is interrupted: postern_lookup_timeout
   * @param givenUp how many calls may be given up, and still be under way
   */
  public record Limits(int queue, Duration call, int givenUp) {}

  public BackendWorkers(Limits limits) {
    this.limits = limits;
    // Not dividedBy: that begins with BigDecimal, which costs the start a megabyte.
    Duration part = Duration.ofNanos(limits.call().toNanos() / 4);
    this.pause = part.compareTo(LONGEST_PAUSE) < 0 ? part : LONGEST_PAUSE;
  }

  /**
   * Has work done by the backend's workers, or by the thread that asks when it can: it counts as
   * one of them.
   *
   * @return null, or why nobody does it
   */
  @Nullable String submit(Backend backend, Asker asker, Work work) {
    Workers workers = backends.get(backend.name());
    if (workers == null) {
      workers = backends.computeIfAbsent(backend.name(), _ -> new Workers(backend, limits));
      watch();
    }
    return workers.submit(asker, work);
  }

  /**
   * Those of one backend at one moment.
   *
   * @param backend its name
   * @param atWork how many there are
   * @param limit how many there may be
   * @param queued how many requests wait for one
   * @param queueLimit how many may
   * @param done how many requests they have done so far
   * @param refused how many found the queue full
   * @param givenUp how many hang, and are not counted among those at work any more
   */
  public record Crew(
      String backend,
      int atWork,
      int limit,
      int queued,
      int queueLimit,
      long done,
      long refused,
      int givenUp) {}

  /** Those of every backend that has been asked. */
  public List<Crew> crews() {
    return backends.values().stream()
        .map(Workers::crew)
        .sorted(Comparator.comparing(Crew::backend))
        .toList();
  }

  /** Interrupts what is still waiting. */
  @Override
  public void close() {
    backends.values().forEach(Workers::close);
    Thread watching = watch;
    if (watching != null) {
      watching.interrupt();
    }
  }

  private void watch() {
    if (watched.compareAndSet(false, true)) {
      watch = Thread.ofPlatform().name("worker-watch").daemon().start(this::lookAfterAll);
    }
  }

  private void lookAfterAll() {
    try {
      while (true) {
        Thread.sleep(pause);
        backends.values().forEach(Workers::lookAfter);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
