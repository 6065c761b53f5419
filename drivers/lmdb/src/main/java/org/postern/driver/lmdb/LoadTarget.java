package org.postern.driver.lmdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.postern.driver.file.Replacement;
import org.postern.driver.lmdb.libc.FileLock;

/** The file that a load writes. */
sealed interface LoadTarget extends AutoCloseable {

  Path file();

  /** To be called when all is in the file. */
  void commit() throws IOException;

  @Override
  void close();

  /**
   * The table's own file. Nobody who read what was there before is at it any more; who begins now
   * reads what is there now, and nobody writes.
   *
   * @param path of a file that is there and not empty
   * @throws CorruptFileException when it is not sound, so that the LMDB library must not see it
   */
  static LoadTarget inPlace(Path path) throws IOException, CorruptFileException {
    FileLock lock = FileLock.exclusive(path, Writer.MODE);
    try (DataFile file = DataFile.open(path)) {
      FileCheck.check(file.whole());
      lock.share();
      return new InPlace(path, lock);
    } catch (IOException | CorruptFileException | RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /** The table's own file if it is sound, and else one that takes its place. */
  static LoadTarget anew(Path path) throws IOException {
    if (Files.exists(path) && Files.size(path) > 0) {
      try {
        return inPlace(path);
      } catch (CorruptFileException e) {
        // It is not worth keeping.
      }
    }
    return new Beside(Replacement.of(path));
  }

  /** The table's own file. */
  record InPlace(Path file, FileLock lock) implements LoadTarget {
    @Override
    public void commit() {}

    @Override
    public void close() {
      lock.close();
    }
  }

  /** A file beside it. */
  record Beside(Replacement replacement) implements LoadTarget {
    @Override
    public Path file() {
      return replacement.fresh();
    }

    @Override
    public void commit() throws IOException {
      replacement.inherit();
      replacement.commit();
    }

    @Override
    public void close() {
      replacement.close();
    }
  }
}
