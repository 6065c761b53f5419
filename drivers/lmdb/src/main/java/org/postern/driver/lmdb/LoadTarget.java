package org.postern.driver.lmdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.postern.driver.file.Replacement;
import org.postern.platform.libc.LockableFile;
import org.postern.platform.libc.SystemCallException;

/** The file that a load writes. */
sealed interface LoadTarget extends AutoCloseable {

  /** Open for reading and writing, and sound. */
  LockableFile file();

  /** To be called when all is in the file. */
  void commit() throws IOException;

  @Override
  void close();

  /**
   * The table's own file. Nobody who read what was there before is at it any more; who begins now
   * reads what is there now, and nobody writes.
   *
   * @param path of a file that is there and not empty
   * @throws CorruptFileException when it is not sound
   */
  static LoadTarget inPlace(Path path) throws SystemCallException, CorruptFileException {
    while (true) {
      LockableFile file = LockableFile.openForWriting(path);
      try {
        file.lockRecordsExclusive();
        if (file.isAt(path)) {
          FileCheck.check(file);
          file.lockRecordsShared();
          return new InPlace(file);
        }
      } catch (SystemCallException | CorruptFileException | RuntimeException | Error e) {
        file.close();
        throw e;
      }
      file.close();
    }
  }

  /**
   * The table's own file if it is sound, and else one that takes its place.
   *
   * @param mapSize the parameter lmdb_map_size
   */
  static LoadTarget anew(Path path, long mapSize) throws IOException, SystemCallException {
    if (Files.exists(path) && Files.size(path) > 0) {
      try {
        return inPlace(path);
      } catch (CorruptFileException e) {
        // It is not worth keeping.
      }
    }
    Replacement replacement = Replacement.of(path);
    try {
      LockableFile file = LockableFile.openForWriting(replacement.fresh());
      try {
        Transaction.writeEmpty(file, mapSize);
        return new Beside(replacement, file);
      } catch (SystemCallException | RuntimeException | Error e) {
        file.close();
        throw e;
      }
    } catch (SystemCallException | RuntimeException | Error e) {
      replacement.close();
      throw e;
    }
  }

  /** The table's own file. */
  record InPlace(LockableFile file) implements LoadTarget {
    @Override
    public void commit() {}

    @Override
    public void close() {
      file.close();
    }
  }

  /** A file beside it. */
  record Beside(Replacement replacement, LockableFile file) implements LoadTarget {
    @Override
    public void commit() throws IOException {
      replacement.inherit();
      replacement.commit();
    }

    @Override
    public void close() {
      file.close();
      replacement.close();
    }
  }
}
