package org.postern.driver.berkeleydb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.IndexedFile;
import org.postern.driver.file.TryBits;
import org.postern.platform.libc.SystemCallException;
import org.postern.platform.text.FileKind;
import org.postern.platform.text.FileTrouble;
import org.postern.spi.Access;
import org.postern.spi.BulkLoad;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * Opens {@code hash:name} and {@code btree:name}: the file {@code name.db} that postmap(1) makes. A
 * file of at most {@code postern_berkeleydb_memory_limit} bytes is copied into memory, a larger one
 * stays on disk, and so does one that may be changed, which is made when there is none. Relative
 * names are relative to queue_directory.
 */
public final class BerkeleyDbDriver implements TableDriver {
  static final String MEMORY_LIMIT = "postern_berkeleydb_memory_limit";

  private static final long DEFAULT_MEMORY_LIMIT = 256L * 1024 * 1024;

  private static final String CREATE_BUFFER_SIZE = "berkeley_db_create_buffer_size";

  /** Postfix's 16 MB would do for a small table; for a large one, four times that is faster. */
  private static final long LEAST_CREATE_MEMORY = 64L * 1024 * 1024;

  @Override
  public Set<String> maptypes() {
    return Set.of("hash", "btree");
  }

  @Override
  public int instanceFlags() {
    return TryBits.BOTH;
  }

  @Override
  public void preload() {
    SystemStart.load();
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    IndexedFile indexed = IndexedFile.of(opening, ".db");
    Path path = indexed.path();
    watch(path, opening);
    try {
      FilesOnDisk files =
          switch (opening.access()) {
            case READ_ONLY -> FilesOnDisk.open(path);
            case READ_WRITE -> openForWriting(opening.maptype(), path);
          };
      try {
        return open(opening, indexed, files);
      } catch (SystemCallException | CorruptFileException | RuntimeException | Error e) {
        files.close();
        throw e;
      }
    } catch (SystemCallException e) {
      throw unavailable(path, e.getMessage(), e);
    } catch (CorruptFileException e) {
      throw unavailable(path, e.getMessage() + otherKind(opening.maptype(), path), e);
    }
  }

  private static String otherKind(String maptype, Path path) {
    FileKind expected = maptype.equals("hash") ? FileKind.HASH : FileKind.BTREE;
    return FileKind.otherThan(expected, path);
  }

  @Override
  public BulkLoad rebuild(TableOpening opening) throws TableUnavailableException {
    Path path = IndexedFile.of(opening, ".db").path();
    try {
      if (Files.exists(path)) {
        // Who may not write it may not replace it.
        openOld(path).close();
      }
      return Rebuild.begin(opening.maptype(), path, opening.logger(), createMemory(opening));
    } catch (IOException e) {
      throw unavailable(path, FileTrouble.words(e), e);
    } catch (CorruptFileException e) {
      throw unavailable(path, e.getMessage(), e);
    }
  }

  private static FilesOnDisk openOld(Path path) throws TableUnavailableException {
    try {
      return FilesOnDisk.openForWriting(path);
    } catch (SystemCallException e) {
      throw new TableUnavailableException("open " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public BulkLoad extend(TableOpening opening) throws TableUnavailableException {
    Path path = IndexedFile.of(opening, ".db").path();
    try {
      FilesOnDisk files = openForWriting(opening.maptype(), path);
      try {
        return new Extension(opening.maptype(), path, opening.logger(), files);
      } catch (SystemCallException | CorruptFileException | RuntimeException | Error e) {
        files.close();
        throw e;
      }
    } catch (SystemCallException | CorruptFileException e) {
      throw unavailable(path, e.getMessage(), e);
    }
  }

  private static TableUnavailableException unavailable(
      Path path, @Nullable String reason, Exception cause) {
    return new TableUnavailableException("open database " + path + ": " + reason, cause);
  }

  private static FilesOnDisk openForWriting(String maptype, Path path) throws SystemCallException {
    try {
      if (Files.notExists(path)) {
        NewFile.create(maptype, path);
      } else if (Files.isRegularFile(path) && Files.size(path) == 0) {
        NewFile.replaceEmpty(maptype, path);
      }
    } catch (IOException e) {
      throw new SystemCallException(FileTrouble.words(e));
    }
    return FilesOnDisk.openForWriting(path);
  }

  private static Table open(TableOpening opening, IndexedFile indexed, FilesOnDisk files)
      throws SystemCallException, CorruptFileException {
    Path path = indexed.path();
    files.lockShared();
    // Now that no writer is at it: a change from here on is one that this opening does not see.
    watch(path, opening);
    indexed.warnIfOlderThanSource(opening);
    long size = files.table().size();
    boolean changes = opening.access() == Access.READ_WRITE;
    if (!changes && size <= memoryLimit(opening)) {
      Snapshot snapshot = Snapshot.of(opening.maptype(), files.table(), size);
      files.close();
      return SnapshotTable.of(path.toString(), opening.instanceFlags(), snapshot, method(snapshot));
    }
    try (PagesOnDisk pages = new PagesOnDisk(opening.maptype(), files.table())) {
      AccessMethod.read(pages);
    }
    files.unlock();
    return changes
        ? new WritableTable(opening.maptype(), path, opening.instanceFlags(), files)
        : new DiskTable(opening.maptype(), path, opening.instanceFlags(), files);
  }

  private static void watch(Path path, TableOpening opening) {
    switch (opening.access()) {
      case READ_ONLY -> opening.watch(path);
      case READ_WRITE -> opening.watchName(path);
    }
  }

  private static AccessMethod method(Snapshot snapshot) throws CorruptFileException {
    try {
      return AccessMethod.read(snapshot);
    } catch (CorruptFileException | RuntimeException e) {
      snapshot.close();
      throw e;
    }
  }

  private static long memoryLimit(TableOpening opening) {
    return opening.parameters().get(MEMORY_LIMIT).map(Long::parseLong).orElse(DEFAULT_MEMORY_LIMIT);
  }

  private static long createMemory(TableOpening opening) throws TableUnavailableException {
    String value = opening.parameters().get(CREATE_BUFFER_SIZE).orElse("0");
    try {
      return Math.max(Long.parseLong(value), LEAST_CREATE_MEMORY);
    } catch (NumberFormatException e) {
      throw new TableUnavailableException(
          "bad numerical configuration: " + CREATE_BUFFER_SIZE + " = " + value, e);
    }
  }
}
