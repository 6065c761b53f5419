package org.postern.driver.berkeleydb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.postern.driver.berkeleydb.libc.LockableFile;
import org.postern.driver.berkeleydb.libc.SystemCallException;
import org.postern.spi.Access;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * Opens {@code hash:name} and {@code btree:name}: the file {@code name.db} that postmap(1) makes. A
 * file of at most {@code postern_berkeleydb_memory_limit} bytes is copied into memory, a larger one
 * stays on disk. Relative names are relative to queue_directory.
 */
public final class BerkeleyDbDriver implements TableDriver {
  static final String MEMORY_LIMIT = "postern_berkeleydb_memory_limit";

  private static final long DEFAULT_MEMORY_LIMIT = 256L * 1024 * 1024;

  /** postmap(1) may be about to run when the source has just changed. */
  private static final Duration JUST_CHANGED = Duration.ofSeconds(100);

  @Override
  public Set<String> maptypes() {
    return Set.of("hash", "btree");
  }

  @Override
  public int instanceFlags() {
    return TableFlags.TRY0NULL | TableFlags.TRY1NULL;
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    Path source = resolve(opening);
    Path path = Path.of(source + ".db");
    opening.watch(path);
    try {
      LockableFile file = LockableFile.open(path);
      try {
        return open(opening, path, file);
      } catch (SystemCallException | CorruptFileException | RuntimeException | Error e) {
        file.close();
        throw e;
      }
    } catch (SystemCallException e) {
      throw new TableUnavailableException("open database " + path + ": " + e.getMessage(), e);
    } catch (CorruptFileException e) {
      throw new TableUnavailableException("open database " + path + ": " + e.getMessage(), e);
    }
  }

  private static Table open(TableOpening opening, Path path, LockableFile file)
      throws SystemCallException, CorruptFileException {
    file.lockShared();
    // Now that no writer is at it: a change from here on is one that this opening does not see.
    opening.watch(path);
    warnIfOlderThanSource(opening, path);
    long size = file.size();
    if (size <= memoryLimit(opening)) {
      try (file) {
        Snapshot snapshot = Snapshot.of(opening.maptype(), file, size);
        return new SnapshotTable(
            path.toString(), opening.instanceFlags(), snapshot, method(snapshot));
      }
    }
    try (PagesOnDisk pages = new PagesOnDisk(opening.maptype(), file)) {
      AccessMethod.read(pages);
    }
    file.unlock();
    return new DiskTable(opening.maptype(), path.toString(), opening.instanceFlags(), file);
  }

  private static AccessMethod method(Snapshot snapshot) throws CorruptFileException {
    try {
      return KeyIndex.of(AccessMethod.read(snapshot), snapshot);
    } catch (CorruptFileException | RuntimeException e) {
      snapshot.close();
      throw e;
    }
  }

  private static Path resolve(TableOpening opening) {
    return Path.of(opening.parameters().get("queue_directory").orElse("/")).resolve(opening.name());
  }

  private static long memoryLimit(TableOpening opening) {
    return opening.parameters().get(MEMORY_LIMIT).map(Long::parseLong).orElse(DEFAULT_MEMORY_LIMIT);
  }

  private static void warnIfOlderThanSource(TableOpening opening, Path path) {
    if (opening.access() != Access.READ_ONLY) {
      return;
    }
    Path source = resolve(opening);
    try {
      FileTime changed = Files.getLastModifiedTime(source);
      if (changed.compareTo(Files.getLastModifiedTime(path)) > 0
          && changed.toInstant().isBefore(Instant.now().minus(JUST_CHANGED))) {
        opening
            .logger()
            .log(
                System.Logger.Level.WARNING,
                "database " + path + " is older than source file " + source);
      }
    } catch (IOException noSource) {
      // An indexed file may stand alone.
    }
  }
}
