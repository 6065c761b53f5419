package org.postern.host.service;

import java.util.ArrayDeque;
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

  /** Interrupts what is still waiting. */
  @Override
  public void close() {
    backends.values().forEach(workers -> workers.threads.shutdownNow());
  }

  /** Those of one backend. */
  private final class Workers {
    private final int limit;
    private final ExecutorService threads;
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private int atWork;

    Workers(Backend backend) {
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

    boolean submit(Asker asker, Runnable work) {
      boolean alone;
      synchronized (this) {
        if (atWork == limit) {
          return queue.size() < queueLimit && queue.add(work);
        }
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
