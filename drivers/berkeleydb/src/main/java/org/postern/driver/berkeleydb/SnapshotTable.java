package org.postern.driver.berkeleydb;

import java.util.concurrent.ForkJoinPool;
import org.postern.spi.LookupResult;
import org.postern.spi.Sequence;

/** A table in memory: never waits. */
final class SnapshotTable extends BerkeleyDbTable {
  /** Bytes of a file whose index is made in about the time that it takes to open one. */
  private static final int SMALL = 1 << 16;

  private final Snapshot snapshot;

  /** At first the file's own. */
  private volatile AccessMethod method;

  private SnapshotTable(String file, int instanceFlags, Snapshot snapshot, AccessMethod method) {
    super(file, instanceFlags);
    this.snapshot = snapshot;
    this.method = method;
  }

  /**
   * Serves a snapshot, without an index until that of a big file is made: the first lookup after a
   * start does not wait for it.
   */
  static SnapshotTable of(String file, int instanceFlags, Snapshot snapshot, AccessMethod method) {
    SnapshotTable table = new SnapshotTable(file, instanceFlags, snapshot, method);
    if (snapshot.bytes().byteSize() <= SMALL) {
      table.index();
    } else {
      ForkJoinPool.commonPool().execute(table::indexUnlessClosed);
    }
    return table;
  }

  private void index() {
    method = KeyIndex.of(method, snapshot);
  }

  private void indexUnlessClosed() {
    try {
      index();
    } catch (IllegalStateException closed) {
      // Nobody asks this table any more.
    }
  }

  @Override
  public boolean answersFromMemory() {
    return true;
  }

  @Override
  public LookupResult lookup(byte[] key, int requestFlags) {
    return find(method, snapshot, key, requestFlags);
  }

  @Override
  public Sequence sequence(int requestFlags) {
    AccessMethod.Walk walk = method.walk();
    return () -> step(walk, snapshot);
  }

  @Override
  public void close() {
    snapshot.close();
  }
}
