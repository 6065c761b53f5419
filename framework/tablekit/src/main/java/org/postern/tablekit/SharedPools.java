package org.postern.tablekit;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The pools of one driver by what they connect to: tables whose connection parameters are equal
 * share one. A pool is made for the first table that needs it and closed with the last. Any thread
 * may call; making a pool must not wait for its server.
 *
 * @param <K> all that makes a difference to a connection; compared with {@code equals}, and printed
 *     without passwords
 * @param <P> the pool
 */
public final class SharedPools<K, P extends SharedPools.Pool> {
  private final Map<K, Shared<P>> pools = new HashMap<>();

  /** Connections to one server. */
  public interface Pool extends AutoCloseable {
    /** Closes idle connections now, and those in use when they are given back. */
    @Override
    void close();
  }

  private static final class Shared<P> {
    private final P pool;
    private int leases;

    Shared(P pool) {
      this.pool = pool;
    }
  }

  /** One table's hold on a pool. */
  public final class Lease implements AutoCloseable {
    private final K key;
    private final P pool;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Lease(K key, P pool) {
      this.key = key;
      this.pool = pool;
    }

    /** Not to be used after {@link #close}. */
    public P pool() {
      return pool;
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        release(key);
      }
    }
  }

  /** The pool for these parameters, which is made if there is none. */
  public synchronized Lease lease(K key, Function<? super K, ? extends P> maker) {
    Shared<P> shared = pools.get(key);
    if (shared == null) {
      shared = new Shared<>(maker.apply(key));
      pools.put(key, shared);
    }
    shared.leases++;
    return new Lease(key, shared.pool);
  }

  private void release(K key) {
    P unused = drop(key);
    if (unused != null) {
      unused.close();
    }
  }

  private synchronized @Nullable P drop(K key) {
    Shared<P> shared = pools.get(key);
    if (shared == null || --shared.leases > 0) {
      return null;
    }
    pools.remove(key);
    return shared.pool;
  }

  /** How many pools there are. */
  public synchronized int size() {
    return pools.size();
  }
}
