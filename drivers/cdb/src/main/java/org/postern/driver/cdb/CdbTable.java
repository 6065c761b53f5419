package org.postern.driver.cdb;

import java.lang.foreign.Arena;
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
  private final Arena arena;
  private final CdbFile file;
  private final TryBits.Search<CorruptFileException> search;

  /**
   * A table over a mapped file.
   *
   * @param name of the file, for messages
   * @param arena that the file is mapped in; closed with the table
   */
  CdbTable(String name, int instanceFlags, Arena arena, CdbFile file) {
    this.name = name;
    this.flags = TableFlags.FIXED | TryBits.of(instanceFlags);
    this.arena = arena;
    this.file = file;
    this.search = file::find;
  }

  @Override
  public int flags() {
    return flags;
  }

  @Override
  public boolean answersFromMemory() {
    return true;
  }

  @Override
  public LookupResult lookup(byte[] key, int requestFlags) {
    try {
      return TryBits.lookup(key, requestFlags, search);
    } catch (CorruptFileException e) {
      return retry(e.getMessage());
    } catch (InternalError e) {
      return overwritten();
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
    } catch (InternalError e) {
      return overwritten();
    }
  }

  /** The JVM's word for a page of a mapped file that is no longer there. */
  private Retry overwritten() {
    return retry("the file was cut short while it was in use; replace it by renaming another");
  }

  private Retry retry(@Nullable String reason) {
    return new Retry(name + ": " + reason);
  }

  @Override
  public void close() {
    arena.close();
  }
}
