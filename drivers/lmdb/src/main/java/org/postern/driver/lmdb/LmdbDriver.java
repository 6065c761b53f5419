package org.postern.driver.lmdb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.Duplicates;
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
 * Opens {@code lmdb:name}: the file {@code name.lmdb}, which is made when it is not there and the
 * table is to be changed. Relative names are relative to queue_directory. Reads the parameter
 * {@code lmdb_map_size} (bytes): what LMDB reserves for a file at first.
 */
public final class LmdbDriver implements TableDriver {
  private static final String MAP_SIZE = "lmdb_map_size";
  private static final long DEFAULT_MAP_SIZE = 16L * 1024 * 1024;

  private final Map<Path, Writer> writers = new ConcurrentHashMap<>();

  @Override
  public Set<String> maptypes() {
    return Set.of("lmdb");
  }

  @Override
  public int instanceFlags() {
    return TryBits.BOTH;
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    IndexedFile indexed = IndexedFile.of(opening, ".lmdb");
    Path path = indexed.path();
    opening.watch(path);
    indexed.warnIfOlderThanSource(opening);
    long mapSize = mapSize(opening);
    @Nullable Writer writer = opening.access() == Access.READ_WRITE ? writer(path) : null;
    try {
      if (writer != null) {
        writer.create(mapSize);
        opening.watchName(path);
      }
      return new LmdbTable(path, opening.instanceFlags(), DataFile.open(path), writer, mapSize);
    } catch (SystemCallException e) {
      throw unavailable(path, e.getMessage(), e);
    } catch (CorruptFileException e) {
      throw unavailable(path, e.getMessage() + FileKind.otherThan(FileKind.LMDB, path), e);
    }
  }

  @Override
  public BulkLoad rebuild(TableOpening opening) throws TableUnavailableException {
    Path path = IndexedFile.of(opening, ".lmdb").path();
    try {
      return load(opening, LoadTarget.anew(path, mapSize(opening)), true);
    } catch (IOException e) {
      throw unavailable(path, FileTrouble.words(e), e);
    } catch (SystemCallException | CorruptFileException e) {
      throw unavailable(path, e.getMessage(), e);
    }
  }

  @Override
  public BulkLoad extend(TableOpening opening) throws TableUnavailableException {
    Path path = IndexedFile.of(opening, ".lmdb").path();
    try {
      writer(path).create(mapSize(opening));
      return load(opening, LoadTarget.inPlace(path), false);
    } catch (SystemCallException | CorruptFileException e) {
      throw unavailable(path, e.getMessage(), e);
    }
  }

  private Writer writer(Path path) {
    return writers.computeIfAbsent(path, Writer::new);
  }

  private static BulkLoad load(TableOpening opening, LoadTarget target, boolean anew)
      throws SystemCallException, CorruptFileException {
    try {
      return new Load(new Duplicates("lmdb:" + opening.name(), opening.logger()), target, anew);
    } catch (SystemCallException | CorruptFileException | RuntimeException | Error e) {
      target.close();
      throw e;
    }
  }

  private static TableUnavailableException unavailable(
      Path path, @Nullable String reason, Throwable cause) {
    return new TableUnavailableException("open database " + path + ": " + reason, cause);
  }

  private static long mapSize(TableOpening opening) throws TableUnavailableException {
    String value = opening.parameters().get(MAP_SIZE).orElse("");
    try {
      return value.isEmpty() ? DEFAULT_MAP_SIZE : Math.max(Long.parseLong(value), 1);
    } catch (NumberFormatException e) {
      throw new TableUnavailableException(
          "bad numerical configuration: " + MAP_SIZE + " = " + value, e);
    }
  }
}
