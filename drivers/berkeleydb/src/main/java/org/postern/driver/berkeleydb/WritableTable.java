package org.postern.driver.berkeleydb;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.postern.driver.file.libc.SystemCallException;
import org.postern.spi.ChangeResult;

/**
 * A table that is changed. Changes that wait while another one is written become one transaction:
 * one of those who wait makes them all, and they wait for the disk together.
 */
final class WritableTable extends DiskTable {
  /** So many changes at once can become one transaction. */
  private static final int WORKERS = 16;

  /** So long after the last change, the table is brought to disk and its journal emptied. */
  private static final Duration IDLE = Duration.ofSeconds(1);

  private final String maptype;
  private final FilesOnDisk files;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition done = lock.newCondition();
  private final List<Change> waiting = new ArrayList<>();
  private boolean busy;

  /** When the last change was made, and whether somebody waits for the time after it. */
  private long changed;

  private boolean waitsForIdle;
  private boolean closed;

  WritableTable(String maptype, Path path, int instanceFlags, FilesOnDisk files) {
    super(maptype, path, instanceFlags, files, WORKERS);
    this.maptype = maptype;
    this.files = files;
  }

  @Override
  public ChangeResult update(byte[] key, byte[] value, int flags) {
    return change(new Change.Update(key, value, flags));
  }

  @Override
  public ChangeResult delete(byte[] key, int flags) {
    return change(new Change.Delete(key, flags));
  }

  /** Waits until the change is made: by this thread, or by one that makes it with its own. */
  private ChangeResult change(Change change) {
    lock.lock();
    try {
      waiting.add(change);
      while (busy && !change.ended()) {
        done.awaitUninterruptibly();
      }
      if (!change.ended()) {
        makeWaiting();
      }
      return change.result();
    } finally {
      lock.unlock();
    }
  }

  /** Makes all changes that wait now, while others may begin to wait. */
  private void makeWaiting() {
    List<Change> together = List.copyOf(waiting);
    waiting.clear();
    busy = true;
    lock.unlock();
    try {
      makeAll(together);
    } finally {
      lock.lock();
      busy = false;
      done.signalAll();
    }
  }

  /** One that cannot be made does not keep the others from being made. */
  private synchronized void makeAll(List<Change> together) {
    if (!make(together) && together.size() > 1) {
      together.forEach(change -> make(List.of(change)));
    }
  }

  /** Makes changes, all or none. */
  private boolean make(List<Change> together) {
    try {
      files.lockExclusive();
      try (Transaction pages = new Transaction(maptype, files.journal())) {
        TableChanges table = TableChanges.of(pages);
        List<ChangeResult> results = new ArrayList<>();
        for (Change change : together) {
          results.add(change.make(table, pages));
        }
        pages.commit();
        waitForIdle();
        for (int i = 0; i < results.size(); i++) {
          together.get(i).end(results.get(i));
        }
        return true;
      } finally {
        files.unlock();
      }
    } catch (SystemCallException | CorruptFileException e) {
      together.forEach(change -> change.end(retry(e)));
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      together.forEach(change -> change.end(beyond()));
    }
    return false;
  }

  private void waitForIdle() {
    changed = System.nanoTime();
    if (!waitsForIdle) {
      waitsForIdle = true;
      callIn(IDLE.toNanos());
    }
  }

  private void callIn(long nanoseconds) {
    CompletableFuture.delayedExecutor(nanoseconds, TimeUnit.NANOSECONDS, Thread::startVirtualThread)
        .execute(this::emptyIfIdle);
  }

  private synchronized void emptyIfIdle() {
    if (closed) {
      return;
    }
    long left = changed + IDLE.toNanos() - System.nanoTime();
    if (left > 0) {
      callIn(left);
      return;
    }
    waitsForIdle = false;
    try {
      files.lockExclusive();
      try {
        files.journal().empty();
      } finally {
        files.unlock();
      }
    } catch (SystemCallException e) {
      // The journal still has all that may not be on disk.
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      files.lockExclusive();
      files.removeJournal();
    } catch (SystemCallException e) {
      // It stays: the next one to open the table looks at it.
    } finally {
      super.close();
    }
  }
}
