package org.postern.driver.lmdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;
import org.postern.driver.lmdb.libc.FileLock;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.NotFound;

/**
 * Changes a file by the LMDB library, one transaction for each change, under the lock that
 * Postfix's own programs take. There is one writer for a file, whichever tables use it.
 */
final class Writer {
  /** Enough for what a change adds to a file, before LMDB asks for more. */
  private static final long ROOM = 1 << 20;

  private static final long SIZE_STEP = 1 << 16;

  /** As Postfix makes one. */
  static final int MODE = 0644;

  private final Path path;
  private @Nullable State sound;

  Writer(Path path) {
    this.path = path;
  }

  /** What a file looked like when nothing was wrong with it. */
  private record State(@Nullable Object identity, long size, FileTime changed, long transaction) {}

  /** What is done in a transaction. */
  interface Change {
    /** What came of it: {@link Changed} when there is something to commit. */
    ChangeResult make(Dbi<byte[]> entries, Txn<byte[]> transaction);
  }

  /**
   * Makes the file, when it is not there or empty.
   *
   * @param mapSize the parameter lmdb_map_size
   */
  synchronized void create(long mapSize) throws IOException, CorruptFileException {
    if (!Files.exists(path) || Files.size(path) == 0) {
      change(mapSize, (_, _) -> NotFound.NOT_FOUND);
    }
  }

  /**
   * Makes a change. It is on disk when this returns. Waits for the lock.
   *
   * @return what the change said
   * @throws org.lmdbjava.LmdbException when LMDB cannot do it
   */
  synchronized ChangeResult change(long mapSize, Change change)
      throws IOException, CorruptFileException {
    try (FileLock _ = FileLock.exclusive(path, MODE)) {
      if (Files.size(path) > 0) {
        check();
      }
      long room = room(path, mapSize);
      while (true) {
        try {
          ChangeResult result = change(change, rounded(room), path);
          sound = state();
          return result;
        } catch (Env.MapFullException e) {
          room = Math.multiplyExact(room, 2L);
        }
      }
    }
  }

  /** A size of LMDB's map that is a whole number of pages, however large those are. */
  static long rounded(long room) {
    return (room + SIZE_STEP - 1) / SIZE_STEP * SIZE_STEP;
  }

  /** What LMDB is to reserve for a file at first. */
  static long room(Path path, long mapSize) throws IOException {
    return Math.max(mapSize, Files.size(path) + ROOM);
  }

  private static ChangeResult change(Change change, long room, Path path) {
    try (Env<byte[]> environment =
        Env.create(ByteArrayProxy.PROXY_BA)
            .setMapSize(room)
            .open(path.toFile(), MODE, EnvFlags.MDB_NOSUBDIR, EnvFlags.MDB_NOLOCK)) {
      try (Txn<byte[]> transaction = environment.txnWrite()) {
        Dbi<byte[]> entries = environment.openDbi(transaction, (byte[]) null, null, false);
        ChangeResult result = change.make(entries, transaction);
        if (result instanceof Changed) {
          transaction.commit();
        }
        return result;
      }
    }
  }

  /** Makes sure that the file is sound, unless it is as this writer left it. */
  private void check() throws IOException, CorruptFileException {
    State state = state();
    if (state.equals(sound)) {
      return;
    }
    sound = null;
    try (DataFile file = DataFile.open(path)) {
      FileCheck.check(file.whole());
    }
  }

  private State state() throws IOException, CorruptFileException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    try (DataFile file = DataFile.open(path)) {
      return new State(
          attributes.fileKey(),
          attributes.size(),
          attributes.lastModifiedTime(),
          Meta.newest(file.whole()).transaction());
    }
  }
}
