package org.postern.host.service;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postern.spi.Backend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who waits for backends: each backend has as many workers as it names, and its own bounded queue,
 * so that one that hangs fills its own queue and delays nobody else.
 */
public final class BackendWorkers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackendWorkers.class);
  private static final int IDLE_SECONDS = 60;

  private final int queueLimit;
  private final ConcurrentHashMap<String, Workers> backends = new ConcurrentHashMap<>();

  /**
   * @param queueLimit how many requests may wait for one backend's workers
   */
  public BackendWorkers(int queueLimit) {
    this.queueLimit = queueLimit;
  }

  /**
   * Has work done by the backend's workers, or by the thread that asks when none is at work: it
   * counts as one of them.
   *
   * @return false when the queue is full
   */
  boolean submit(Backend backend, Asker asker, Runnable work) {
    Workers workers = backends.get(backend.name());
    if (workers == null) {
      workers = backends.computeIfAbsent(backend.name(), _ -> new Workers(backend));
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
   */
  public record Crew(
      String backend, int atWork, int limit, int queued, int queueLimit, long done, long refused) {}

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
    backends.values().forEach(workers -> workers.threads.shutdownNow());
  }

  /** Those of one backend. */
  private final class Workers {
    private final String name;
    private final int limit;
    private final ExecutorService threads;
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private int atWork;
    private long taken;
    private long refused;

    Workers(Backend backend) {
      this.name = backend.name();
      this.limit = backend.workers();
      this.threads =
          new ThreadPoolExecutor(
              0,
              Integer.MAX_VALUE,
              IDLE_SECONDS,
              TimeUnit.SECONDS,
              new SynchronousQueue<>(),
              Thread.ofPlatform().name(backend.name() + "-", 0).daemon().factory(),
              new ThreadPoolExecutor.DiscardPolicy());
    }

    synchronized Crew crew() {
      long done = taken - atWork - queue.size();
      return new Crew(name, atWork, limit, queue.size(), queueLimit, done, refused);
    }

    boolean submit(Asker asker, Runnable work) {
      boolean alone;
      synchronized (this) {
        if (atWork == limit) {
          boolean fits = queue.size() < queueLimit && queue.add(work);
          taken += fits ? 1 : 0;
          refused += fits ? 0 : 1;
          return fits;
        }
        taken++;
        atWork++;
        alone = atWork == 1;
      }
      if (!alone || !asker.takes(() -> doOne(work))) {
        threads.execute(() -> doAll(work));
      }
      return true;
    }

    /** A worker's: what there is to do, until there is no more. */
    private void doAll(Runnable first) {
      for (Runnable work = first; work != null; work = next()) {
        run(work);
      }
    }

    /** The asking thread's: what waits meanwhile is for a worker. */
    private void doOne(Runnable work) {
      run(work);
      Runnable next = next();
      if (next != null) {
        threads.execute(() -> doAll(next));
      }
    }

    private static void run(Runnable work) {
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        LOG.error("a worker: {}", e.toString(), e);
      }
    }

    private synchronized @Nullable Runnable next() {
      Runnable next = queue.poll();
      if (next == null) {
        atWork--;
      }
      return next;
    }
  }
}
