package org.postern.driver.berkeleydb;

import org.postern.spi.LookupResult;
import org.postern.spi.Sequence;

/** A table in memory: never waits. */
final class SnapshotTable extends BerkeleyDbTable {
  private final Snapshot snapshot;
  private final AccessMethod method;

  SnapshotTable(String file, int instanceFlags, Snapshot snapshot, AccessMethod method) {
    super(file, instanceFlags);
    this.snapshot = snapshot;
    this.method = method;
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
