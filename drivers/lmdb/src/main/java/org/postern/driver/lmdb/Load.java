package org.postern.driver.lmdb;

import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;
import org.lmdbjava.PutFlags;
import org.lmdbjava.Txn;
import org.postern.driver.file.Duplicates;
import org.postern.driver.file.FileTrouble;
import org.postern.driver.file.TryBits;
import org.postern.spi.BulkLoad;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;

/**
 * A load in one transaction, as postmap(1) does it: whoever reads the table sees all of it or
 * nothing. When there is no more room in LMDB's map, the transaction begins again with twice as
 * much, and with all the pairs.
 */
final class Load implements BulkLoad {
  private final Duplicates duplicates;
  private final LoadTarget target;
  private final boolean anew;
  private final PutLog log;
  private long room;
  private @Nullable Attempt attempt;

  /** A transaction, as long as there is room for it. */
  private record Attempt(Env<byte[]> environment, Txn<byte[]> transaction, Dbi<byte[]> entries)
      implements AutoCloseable {
    @Override
    public void close() {
      transaction.close();
      environment.close();
    }
  }

  /**
   * @param target closed with this
   * @param anew whether what is in the table goes
   * @param room of LMDB's map at first, bytes
   */
  Load(Duplicates duplicates, LoadTarget target, boolean anew, long room) throws IOException {
    this.duplicates = duplicates;
    this.target = target;
    this.anew = anew;
    this.room = room;
    this.log = PutLog.beside(target.file());
  }

  /** With a NUL after key and value, unless the flags ask for the other form alone. */
  @Override
  public void put(byte[] key, byte[] value, int flags) throws TableUnavailableException {
    boolean nul = (TryBits.of(flags) & TableFlags.TRY1NULL) != 0;
    byte[] stored = nul ? Arrays.copyOf(key, key.length + 1) : key;
    byte[] storedValue = nul ? Arrays.copyOf(value, value.length + 1) : value;
    if (key.length == 0 || stored.length > LmdbTable.LONGEST_KEY) {
      throw new TableUnavailableException(
          duplicates.table() + ": " + LmdbTable.cannotBeStored(key, nul));
    }
    boolean isNew =
        called(() -> {
          boolean done = retrying(() -> put(stored, storedValue, flags, attempt()));
          log.add(stored, storedValue, flags);
          return done;
        });
    if (!isNew) {
      duplicates.report(key, flags);
    }
  }

  private static boolean put(byte[] key, byte[] value, int flags, Attempt attempt) {
    boolean replaces = (flags & TableFlags.DUP_REPLACE) != 0;
    return replaces
        ? attempt.entries.put(attempt.transaction, key, value)
        : attempt.entries.put(attempt.transaction, key, value, PutFlags.MDB_NOOVERWRITE);
  }

  @Override
  public void commit() throws TableUnavailableException {
    called(() -> {
      retrying(() -> {
        attempt().transaction.commit();
        return true;
      });
      giveUp();
      target.commit();
      return true;
    });
  }

  /** Something that there may be no room for. */
  private interface Step {
    boolean make() throws IOException;
  }

  private boolean retrying(Step step) throws IOException {
    while (true) {
      try {
        return step.make();
      } catch (Env.MapFullException e) {
        giveUp();
        room = Math.multiplyExact(room, 2L);
      }
    }
  }

  private Attempt attempt() throws IOException {
    if (attempt == null) {
      attempt = begin();
      log.replay((key, value, flags) -> put(key, value, flags, attempt));
    }
    return attempt;
  }

  @SuppressWarnings("MustBeClosedChecker") // the attempt owns both
  private Attempt begin() {
    Env<byte[]> environment =
        Env.create(ByteArrayProxy.PROXY_BA)
            .setMapSize(Writer.rounded(room))
            .open(target.file().toFile(), Writer.MODE, EnvFlags.MDB_NOSUBDIR, EnvFlags.MDB_NOLOCK);
    try {
      Txn<byte[]> transaction = environment.txnWrite();
      Dbi<byte[]> entries = environment.openDbi(transaction, (byte[]) null, null, false);
      if (anew) {
        entries.drop(transaction);
      }
      return new Attempt(environment, transaction, entries);
    } catch (RuntimeException e) {
      environment.close();
      throw e;
    }
  }

  private boolean called(Step step) throws TableUnavailableException {
    try {
      return step.make();
    } catch (IOException e) {
      throw new TableUnavailableException(duplicates.table() + ": " + FileTrouble.words(e), e);
    } catch (LmdbException e) {
      throw new TableUnavailableException(duplicates.table() + ": " + e.getMessage(), e);
    }
  }

  private void giveUp() {
    if (attempt != null) {
      attempt.close();
      attempt = null;
    }
  }

  @Override
  public void close() {
    giveUp();
    log.close();
    target.close();
  }
}
