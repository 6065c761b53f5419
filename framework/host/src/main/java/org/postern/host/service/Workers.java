package org.postern.host.service;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postern.spi.Backend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers of one backend. */
final class Workers {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final int IDLE_SECONDS = 60;

  private final String name;
  private final int limit;
  private final BackendWorkers.Limits limits;
  private final ExecutorService threads;

  // What follows is guarded by this.
  private final Queue<Work> queue = new ArrayDeque<>();

  /** Those who count as workers, and those that were given up. */
  private final Set<Stint> underWay = new HashSet<>();

  private final Set<Stint> givenUp = new HashSet<>();
  private int atWork;
  private long taken;
  private long refused;

  /** Whether all workers hang, and no others may take their place. */
  private boolean exhausted;

  Workers(Backend backend, BackendWorkers.Limits limits) {
    this.name = backend.name();
    this.limit = backend.workers();
    this.limits = limits;
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().name(name + "-", 0).daemon().factory(),
            new ThreadPoolExecutor.DiscardPolicy());
  }

  synchronized BackendWorkers.Crew crew() {
    long done = taken - atWork - queue.size() - givenUp.size();
    return new BackendWorkers.Crew(
        name, atWork, limit, queue.size(), limits.queue(), done, refused, givenUp.size());
  }

  void close() {
    threads.shutdownNow();
  }

  /** Has work done; null, or why nobody does it. */
  @Nullable String submit(Asker asker, Work work) {
    Stint stint;
    synchronized (this) {
      if (atWork == limit) {
        return queued(work);
      }
      taken++;
      atWork++;
      stint = new Stint(work);
      underWay.add(stint);
    }
    if (asker.takes(() -> doOne(stint))) {
      return null;
    }
    try {
      threads.execute(() -> doAll(stint));
    } catch (RuntimeException | Error e) { // most likely there can be no more threads
      synchronized (this) {
        taken--;
        atWork--;
        refused++;
        underWay.remove(stint);
      }
      return "no worker can be started for " + name + ": " + e;
    }
    return null;
  }

  private @Nullable String queued(Work work) {
    if (exhausted) {
      refused++;
      return "all workers of "
          + name
          + " hang, and as many others as postern_given_up_limit allows ("
          + limits.givenUp()
          + ")";
    }
    if (queue.size() >= limits.queue() || !queue.add(work)) {
      refused++;
      return "too many requests wait for " + name;
    }
    taken++;
    return null;
  }

  /** A worker's: what there is to do, until there is no more. */
  private void doAll(Stint first) {
    for (Stint stint = first; stint != null; stint = next(stint)) {
      run(stint);
    }
  }

  /** The asking thread's: what waits meanwhile is for a worker. */
  private void doOne(Stint stint) {
    run(stint);
    Stint next = next(stint);
    if (next != null) {
      startOrRun(next);
    }
  }

  private void startOrRun(Stint stint) {
    try {
      threads.execute(() -> doAll(stint));
    } catch (RuntimeException | Error e) {
      doAll(stint);
    }
  }

  private static void run(Stint stint) {
    try {
      stint.begin();
      stint.work().call();
    } catch (RuntimeException | Error e) {
      log(e);
    } finally {
      stint.callEnded();
    }
    try {
      stint.work().end();
    } catch (RuntimeException | Error e) {
      log(e);
    }
  }

  /**
   * Nothing that comes of logging, for want of memory for example, may keep a worker from going on.
   */
  private static void log(Throwable problem) {
    try {
      LOG.error("a worker: {}", problem.toString(), problem);
    } catch (RuntimeException | Error e) {
      // It cannot be said.
    }
  }

  /** What is to be done after a piece of work, by the thread that has done it. */
  private synchronized @Nullable Stint next(Stint done) {
    if (givenUp.remove(done)) {
      exhausted = false;
      return null;
    }
    underWay.remove(done);
    return nextOfQueue();
  }

  private @Nullable Stint nextOfQueue() {
    Work next = queue.poll();
    if (next == null) {
      atWork--;
      return null;
    }
    Stint stint = new Stint(next);
    underWay.add(stint);
    return stint;
  }

  /** Interrupts calls that take too long, and gives those up that do not heed it. */
  void lookAfter() {
    List<Stint> all;
    synchronized (this) {
      if (underWay.isEmpty()) {
        return;
      }
      all = List.copyOf(underWay);
    }
    int late = 0;
    for (Stint stint : all) {
      if (stint.isLate(limits.call())) {
        late++;
        if (!stint.interrupt() && stint.isReplaceable()) {
          giveUp(stint);
        }
      }
    }
    noteWhetherExhausted(late);
  }

  private synchronized void noteWhetherExhausted(int late) {
    boolean now = givenUp.size() >= limits.givenUp() && late >= limit;
    if (now && !exhausted) {
      LOG.error(
          "all workers of {} hang, and {} others that were given up"
              + " (postern_given_up_limit): its tables answer RETRY until a call comes back;"
              + " restart Postern when what it waits for works again",
          name,
          givenUp.size());
      queue.forEach(Work::givenUp);
    }
    exhausted = now;
  }

  private void giveUp(Stint stint) {
    Stint next;
    int count;
    synchronized (this) {
      if (givenUp.size() >= limits.givenUp() || !underWay.remove(stint)) {
        return;
      }
      givenUp.add(stint);
      count = givenUp.size();
      next = nextOfQueue();
    }
    LOG.warn(
        "{} has not come back within {} s, nor after an interruption: it is given up,"
            + " and another thread takes its place ({} of at most {} at {}); it is at {}",
        stint.work().name(),
        limits.call().toSeconds(),
        count,
        limits.givenUp(),
        name,
        stint.place());
    stint.work().givenUp();
    if (next != null) {
      try {
        threads.execute(() -> doAll(next));
      } catch (RuntimeException | Error e) {
        next.work().givenUp();
        synchronized (this) {
          underWay.remove(next);
          atWork--;
        }
      }
    }
  }
}
