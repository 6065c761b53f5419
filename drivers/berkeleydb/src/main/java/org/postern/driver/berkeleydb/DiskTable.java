package org.postern.driver.berkeleydb;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.SystemCallException;
import org.postern.spi.Backend;
import org.postern.spi.LookupResult;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.SequenceResult;

/**
 * A table that stays on disk because it is too large for memory. Each operation locks the file and
 * reads what it needs, from the first page on: a file that was rewritten in place is no other case.
 */
class DiskTable extends BerkeleyDbTable {
  /** flock(2) belongs to a descriptor: one for each worker would be needed to have more of them. */
  private static final int WORKERS = 1;

  private final String maptype;
  private final FilesOnDisk files;
  private final Backend backend;

  DiskTable(String maptype, Path path, int instanceFlags, FilesOnDisk files) {
    this(maptype, path, instanceFlags, files, WORKERS);
  }

  DiskTable(String maptype, Path path, int instanceFlags, FilesOnDisk files, int workers) {
    super(path.toString(), instanceFlags);
    this.maptype = maptype;
    this.files = files;
    this.backend = new Backend("berkeleydb:" + path, workers);
  }

  @Override
  public Optional<Backend> backend() {
    return Optional.of(backend);
  }

  @Override
  public final LookupResult lookup(byte[] key, int requestFlags) {
    return this.<LookupResult>locked(
        (method, pages) -> find(method, pages, key, requestFlags), retry -> retry);
  }

  @Override
  public final Sequence sequence(int requestFlags) {
    return new DiskSequence();
  }

  /** Synchronized: the lock is one for all threads that use the descriptor. */
  private synchronized <R> R locked(
      BiFunction<AccessMethod, Pages, R> operation, Function<Retry, R> failed) {
    try {
      files.lockShared();
      try (PagesOnDisk pages = new PagesOnDisk(maptype, files.table())) {
        return operation.apply(AccessMethod.read(pages), pages);
      } finally {
        files.unlock();
      }
    } catch (SystemCallException | CorruptFileException e) {
      return failed.apply(retry(e));
    }
  }

  @Override
  public void close() {
    files.close();
  }

  /**
   * A walk through pages that may be rewritten between two steps: what the file holds by then, as
   * Postfix walks.
   */
  private final class DiskSequence implements Sequence {
    private AccessMethod.@Nullable Walk walk;

    @Override
    public SequenceResult next() {
      return DiskTable.this.<SequenceResult>locked(
          (method, pages) -> {
            if (walk == null) {
              walk = method.walk();
            }
            return step(walk, pages);
          },
          retry -> retry);
    }
  }
}
