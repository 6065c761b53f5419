package org.postern.driver.cdb;

import org.jspecify.annotations.Nullable;
import org.postern.driver.file.TryBits;
import org.postern.spi.Entry;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.SequenceResult;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;

/** An open cdb table: never waits. */
final class CdbTable implements Table {
  private final String name;
  private final int flags;
  private final CdbBytes bytes;
  private final CdbFile file;
  private final TryBits.Search<CorruptFileException> search;

  /**
   * A table over a file.
   *
   * @param name of the file, for messages
   * @param bytes of the file; closed with the table
   */
  CdbTable(String name, int instanceFlags, CdbBytes bytes, CdbFile file) {
    this.name = name;
    this.flags = TableFlags.FIXED | TryBits.of(instanceFlags);
    this.bytes = bytes;
    this.file = file;
    this.search = file::find;
  }

  @Override
  public int flags() {
    return flags;
  }

  @Override
  public boolean answersFromMemory() {
    return bytes instanceof CdbBytes.Copied;
  }

  @Override
  public LookupResult lookup(byte[] key, int requestFlags) {
    try {
      return TryBits.lookup(key, requestFlags, search);
    } catch (CorruptFileException e) {
      return retry(e.getMessage());
    }
  }

  @Override
  public Sequence sequence(int requestFlags) {
    CdbFile.Walk walk = file.new Walk();
    return () -> step(walk);
  }

  private SequenceResult step(CdbFile.Walk walk) {
    try {
      @Nullable Entry entry = walk.next();
      return entry == null ? NotFound.NOT_FOUND : entry;
    } catch (CorruptFileException e) {
      return retry(e.getMessage());
    }
  }

  private Retry retry(@Nullable String reason) {
    return new Retry(name + ": " + reason);
  }

  @Override
  public void close() {
    bytes.close();
  }
}
