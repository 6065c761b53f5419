package org.postern.driver.berkeleydb;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.postern.driver.file.ChangeGroups;
import org.postern.platform.libc.SystemCallException;
import org.postern.spi.ChangeResult;

/**
 * A table that is changed. Changes that wait while another one is written become one transaction.
 */
final class WritableTable extends DiskTable {
  /** So many changes at once can become one transaction. */
  private static final int WORKERS = 16;

  /** So long after the last change, the table is brought to disk and its journal emptied. */
  private static final Duration IDLE = Duration.ofSeconds(1);

  private final String maptype;
  private final FilesOnDisk files;

  private final ChangeGroups<Change> groups = new ChangeGroups<>(this::makeAll);

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

  private ChangeResult change(Change change) {
    groups.make(change);
    return change.result();
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
