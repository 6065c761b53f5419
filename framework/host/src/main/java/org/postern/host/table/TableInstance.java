package org.postern.host.table;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.spi.Backend;
import org.postern.spi.Table;

/**
 * A table as a driver opened it. The entry that holds it has one lease on it; whoever uses it on
 * another thread than an event loop, or beyond one request, takes another. The last one closes it.
 */
public final class TableInstance {
  private final Table table;
  private final int flags;
  private final Optional<Backend> backend;
  private final AtomicInteger leases = new AtomicInteger(1);

  TableInstance(Table table) {
    this.table = table;
    this.flags = table.flags();
    this.backend = table.backend();
  }

  /** The table's own flags. */
  public int flags() {
    return flags;
  }

  /** What the table waits for. */
  public Optional<Backend> backend() {
    return backend;
  }

  /** To be called by who holds a lease, or by an event loop before it lets the loop go on. */
  public Table table() {
    return table;
  }

  /** Takes a lease, unless the table is closed already. */
  public boolean tryLease() {
    for (int held = leases.get(); held > 0; held = leases.get()) {
      if (leases.compareAndSet(held, held + 1)) {
        return true;
      }
    }
    return false;
  }

  /** Gives a lease back. */
  public void release() {
    if (leases.decrementAndGet() == 0) {
      table.close();
    }
  }
}
