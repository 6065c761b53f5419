package org.postern.driver.cdb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.postern.driver.file.IndexedFile;
import org.postern.driver.file.TryBits;
import org.postern.platform.libc.LockableFile;
import org.postern.platform.libc.SystemCallException;
import org.postern.platform.text.FileKind;
import org.postern.platform.text.FileTrouble;
import org.postern.spi.BulkLoad;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/** Opens {@code cdb:name}: the file {@code name.cdb} that postmap(1) makes. */
public final class CdbDriver implements TableDriver {
  /** Also that of hash and btree tables. */
  private static final String MEMORY_LIMIT = "postern_berkeleydb_memory_limit";

  private static final long DEFAULT_MEMORY_LIMIT = 256L * 1024 * 1024;

  @Override
  public Set<String> maptypes() {
    return Set.of("cdb");
  }

  @Override
  public int instanceFlags() {
    return TryBits.BOTH;
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    IndexedFile file = IndexedFile.of(opening, ".cdb");
    opening.watch(file.path());
    file.warnIfOlderThanSource(opening);
    try {
      CdbBytes bytes = bytes(file.path(), opening);
      try {
        return new CdbTable(
            file.path().toString(), opening.instanceFlags(), bytes, new CdbFile(bytes));
      } catch (CorruptFileException | RuntimeException | Error e) {
        bytes.close();
        throw e;
      }
    } catch (SystemCallException e) {
      throw new TableUnavailableException(
          "open database " + file.path() + ": " + e.getMessage(), e);
    } catch (CorruptFileException e) {
      throw new TableUnavailableException(
          "open database "
              + file.path()
              + ": "
              + e.getMessage()
              + FileKind.otherThan(FileKind.CDB, file.path()),
          e);
    }
  }

  private static CdbBytes bytes(Path path, TableOpening opening) throws SystemCallException {
    LockableFile file = LockableFile.open(path);
    try {
      long size = file.size();
      if (size > memoryLimit(opening)) {
        return new CdbBytes.OnDisk(file, size);
      }
      CdbBytes copied = CdbBytes.Copied.of(file, size);
      file.close();
      return copied;
    } catch (SystemCallException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static long memoryLimit(TableOpening opening) {
    return opening.parameters().get(MEMORY_LIMIT).map(Long::parseLong).orElse(DEFAULT_MEMORY_LIMIT);
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
