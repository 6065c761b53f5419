package org.postern.host.service;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.postern.spi.Backend;

/**
 * The threads that wait for backends: each backend has its own, as many as it names, and its own
 * bounded queue, so that one that hangs fills its own queue and delays nobody else.
 */
public final class BackendWorkers implements AutoCloseable {
  private static final int IDLE_SECONDS = 60;

  private final int queueLimit;
  private final ConcurrentHashMap<String, ThreadPoolExecutor> pools = new ConcurrentHashMap<>();

  /**
   * @param queueLimit how many requests may wait for one backend's workers
   */
  public BackendWorkers(int queueLimit) {
    this.queueLimit = queueLimit;
  }

  /**
   * Has work done by the backend's workers.
   *
   * @return false when its queue is full
   */
  boolean submit(Backend backend, Runnable work) {
    ThreadPoolExecutor pool = pools.get(backend.name());
    if (pool == null) {
      pool = pools.computeIfAbsent(backend.name(), _ -> pool(backend));
    }
    try {
      pool.execute(work);
      return true;
    } catch (RejectedExecutionException full) {
      return false;
    }
  }

  private ThreadPoolExecutor pool(Backend backend) {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            backend.workers(),
            backend.workers(),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queueLimit),
            Thread.ofPlatform().name(backend.name() + "-", 0).daemon().factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Interrupts what is still waiting. */
  @Override
  public void close() {
    pools.values().forEach(ThreadPoolExecutor::shutdownNow);
  }
}
