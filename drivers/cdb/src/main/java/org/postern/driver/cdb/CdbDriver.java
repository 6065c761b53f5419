package org.postern.driver.cdb;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.Set;
import org.postern.driver.file.FileTrouble;
import org.postern.driver.file.IndexedFile;
import org.postern.driver.file.TryBits;
import org.postern.spi.BulkLoad;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/** Opens {@code cdb:name}: the file {@code name.cdb} that postmap(1) makes. */
public final class CdbDriver implements TableDriver {

  @Override
  public Set<String> maptypes() {
    return Set.of("cdb");
  }

  @Override
  public int instanceFlags() {
    return TryBits.BOTH;
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // the table owns the arena
  public Table open(TableOpening opening) throws TableUnavailableException {
    IndexedFile file = IndexedFile.of(opening, ".cdb");
    opening.watch(file.path());
    file.warnIfOlderThanSource(opening);
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file.path())) {
      MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      if (bytes.byteSize() < CdbFile.HEADER) {
        throw new IOException("it is no cdb file: shorter than " + CdbFile.HEADER + " bytes");
      }
      return new CdbTable(
          file.path().toString(), opening.instanceFlags(), arena, new CdbFile(bytes));
    } catch (IOException e) {
      arena.close();
      throw new TableUnavailableException(
          "open database " + file.path() + ": " + FileTrouble.words(e), e);
    }
  }

  @Override
  public BulkLoad rebuild(TableOpening opening) throws TableUnavailableException {
    IndexedFile file = IndexedFile.of(opening, ".cdb");
    try {
      return Rebuild.begin(file, opening.logger());
    } catch (IOException e) {
      throw new TableUnavailableException(
          "open database " + file.path() + ": " + FileTrouble.words(e), e);
    }
  }

  @Override
  public BulkLoad extend(TableOpening opening) throws TableUnavailableException {
    throw new TableUnavailableException(
        "cdb:"
            + opening.name()
            + ": a cdb table cannot be added to; make it anew from its whole source");
  }
}
