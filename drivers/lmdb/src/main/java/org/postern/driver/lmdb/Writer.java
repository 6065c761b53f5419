package org.postern.driver.lmdb;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;
import org.postern.driver.file.ChangeGroups;
import org.postern.driver.file.FileTrouble;
import org.postern.driver.lmdb.libc.FileLock;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;

/**
 * Changes a file by the LMDB library, under the lock that Postfix's own programs take. Changes that
 * wait while another one is written become one transaction. There is one writer for a file,
 * whichever tables use it.
 */
final class Writer {
  /** Enough for what a change adds to a file, before LMDB asks for more. */
  private static final long ROOM = 1 << 20;

  private static final long SIZE_STEP = 1 << 16;

  /** As Postfix makes one. */
  static final int MODE = 0644;

  private static final Retry NOT_MADE = new Retry("the change was not made");

  private final Path path;
  private final ChangeGroups<Pending> groups = new ChangeGroups<>(this::makeAll);
  private @Nullable State sound;

  /** The library's view of the file, kept from change to change while nobody else writes it. */
  private @Nullable Env<byte[]> environment;

  private int users;

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

  /** A change that somebody waits for. */
  private static final class Pending {
    private final long mapSize;
    private final Change change;
    private ChangeResult result = NOT_MADE;

    Pending(long mapSize, Change change) {
      this.mapSize = mapSize;
      this.change = change;
    }
  }

  /**
   * Makes the file, when it is not there or empty.
   *
   * @param mapSize the parameter lmdb_map_size
   */
  synchronized void create(long mapSize) throws IOException, CorruptFileException {
    if (!Files.exists(path) || Files.size(path) == 0) {
      change(List.of(new Pending(mapSize, (_, _) -> NotFound.NOT_FOUND)));
    }
  }

  /**
   * Makes a change, in one transaction with others that wait. It is on disk when this returns.
   * Waits for the lock.
   *
   * @return what the change said, or why it was not made
   */
  ChangeResult change(long mapSize, Change change) {
    Pending pending = new Pending(mapSize, change);
    groups.make(pending);
    return pending.result;
  }

  /** One that cannot be made does not keep the others from being made. */
  private void makeAll(List<Pending> together) {
    String trouble = make(together);
    if (trouble == null) {
      return;
    }
    if (together.size() > 1) {
      together.forEach(each -> makeAll(List.of(each)));
    } else {
      together.getFirst().result = new Retry(path + ": " + trouble);
    }
  }

  /**
   * Makes changes, all or none.
   *
   * @return what is wrong when none was made, or null
   */
  private @Nullable String make(List<Pending> together) {
    try {
      change(together);
      return null;
    } catch (IOException e) {
      return FileTrouble.words(e);
    } catch (CorruptFileException | LmdbException e) {
      return String.valueOf(e.getMessage());
    } catch (InternalError e) {
      return DataFile.CUT_SHORT;
    }
  }

  private synchronized void change(List<Pending> together)
      throws IOException, CorruptFileException {
    long mapSize = together.stream().mapToLong(each -> each.mapSize).max().orElseThrow();
    try (FileLock _ = FileLock.exclusive(path, MODE)) {
      if (Files.size(path) == 0) {
        closeEnvironment();
      } else {
        check();
      }
      long room = room(path, mapSize);
      while (true) {
        try {
          transact(together, environment(room));
          rememberState();
          return;
        } catch (Env.MapFullException e) {
          closeEnvironment();
          room = Math.multiplyExact(room, 2L);
        }
      }
    } catch (LmdbException e) {
      closeEnvironment();
      throw e;
    } finally {
      if (users == 0) {
        closeEnvironment();
      }
    }
  }

  /** The changes are made, whatever comes of this: without it, the next one checks the file. */
  private void rememberState() {
    sound = null;
    try {
      sound = state();
    } catch (IOException | CorruptFileException e) {
      closeEnvironment();
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with the last user
  private Env<byte[]> environment(long room) {
    Env<byte[]> opened = environment;
    if (opened == null) {
      opened =
          Env.create(ByteArrayProxy.PROXY_BA)
              .setMapSize(rounded(room))
              .open(path.toFile(), MODE, EnvFlags.MDB_NOSUBDIR, EnvFlags.MDB_NOLOCK);
      environment = opened;
    }
    return opened;
  }

  private void closeEnvironment() {
    Env<byte[]> opened = environment;
    if (opened != null) {
      environment = null;
      opened.close();
    }
  }

  /** For a table that is open: what is kept for the next change may be worth keeping. */
  synchronized void acquire() {
    users++;
  }

  synchronized void release() {
    users--;
    if (users == 0) {
      closeEnvironment();
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

  private static void transact(List<Pending> together, Env<byte[]> environment) {
    try (Txn<byte[]> transaction = environment.txnWrite()) {
      Dbi<byte[]> entries = environment.openDbi(transaction, (byte[]) null, null, false);
      List<ChangeResult> results = new ArrayList<>();
      for (Pending each : together) {
        results.add(each.change.make(entries, transaction));
      }
      if (results.stream().anyMatch(Changed.class::isInstance)) {
        transaction.commit();
      }
      for (int i = 0; i < results.size(); i++) {
        together.get(i).result = results.get(i);
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
    closeEnvironment();
    try (DataFile file = DataFile.open(path)) {
      FileCheck.check(file.whole());
    }
  }

  private State state() throws IOException, CorruptFileException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    // Of one thread alone: to unmap what threads share, the JVM stops each of them for a moment.
    try (FileChannel channel = FileChannel.open(path);
        Arena arena = Arena.ofConfined()) {
      return new State(
          attributes.fileKey(),
          attributes.size(),
          attributes.lastModifiedTime(),
          Meta.newest(channel.map(MapMode.READ_ONLY, 0, channel.size(), arena)).transaction());
    }
  }
}
