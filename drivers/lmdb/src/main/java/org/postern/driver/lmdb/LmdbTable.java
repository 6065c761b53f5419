package org.postern.driver.lmdb;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.TryBits;
import org.postern.platform.libc.SystemCallException;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.CStrings;
import org.postern.spi.Backend;
import org.postern.spi.ChangeResult;
import org.postern.spi.Changed;
import org.postern.spi.Entry;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.SequenceResult;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;

/** An open lmdb table. Lookups and walks never wait; changes wait for the lock and the disk. */
final class LmdbTable implements Table {
  /** LMDB's own limit, as it is built; a NUL at the end counts. */
  static final int LONGEST_KEY = 511;

  /** So many changes at once can become one transaction. */
  private static final int CHANGES = 16;

  /** How much of a key that is too long a message has, characters. */
  private static final int EXCERPT = 60;

  private final Path path;
  private final int flags;
  private final @Nullable Writer writer;
  private final long mapSize;
  private final Optional<Backend> changes;
  private final List<DataFile> files = new ArrayList<>();
  private volatile DataFile file;

  /**
   * A table over an open file.
   *
   * @param file closed with the table
   * @param writer null when the table is not to be changed
   * @param mapSize the parameter lmdb_map_size
   */
  LmdbTable(Path path, int instanceFlags, DataFile file, @Nullable Writer writer, long mapSize) {
    this.path = path;
    this.flags = TableFlags.FIXED | TableFlags.MULTI_WRITER | TryBits.of(instanceFlags);
    this.file = file;
    this.writer = writer;
    this.mapSize = mapSize;
    this.changes =
        writer == null ? Optional.empty() : Optional.of(new Backend("lmdb:" + path, CHANGES));
    files.add(file);
    if (writer != null) {
      writer.acquire();
    }
  }

  @Override
  public int flags() {
    return flags;
  }

  @Override
  public boolean answersFromMemory() {
    return changes.isEmpty();
  }

  /** Who changes the table waits; lookups never do. */
  @Override
  public Optional<Backend> backend() {
    return changes;
  }

  @Override
  public LookupResult lookupAtOnce(byte[] key, int requestFlags) {
    return lookup(key, requestFlags);
  }

  @Override
  public LookupResult lookup(byte[] key, int requestFlags) {
    if (key.length == 0) {
      return NotFound.NOT_FOUND;
    }
    try {
      return file.read(tree -> TryBits.lookup(key, requestFlags, tree));
    } catch (CorruptFileException e) {
      return retry(e.getMessage());
    }
  }

  @Override
  public Sequence sequence(int requestFlags) {
    return new Walk();
  }

  /** From key to key, in whatever the file holds at each step. */
  private final class Walk implements Sequence {
    private byte @Nullable [] last;
    private boolean ended;

    @Override
    public SequenceResult next() {
      if (ended) {
        return NotFound.NOT_FOUND;
      }
      try {
        byte @Nullable [] before = last;
        Optional<Tree.Stored> next = file.read(tree -> Optional.ofNullable(tree.after(before)));
        if (next.isEmpty()) {
          ended = true;
          return NotFound.NOT_FOUND;
        }
        Tree.Stored stored = next.get();
        last = stored.key();
        return new Entry(CStrings.untilNul(stored.key()), stored.value());
      } catch (CorruptFileException e) {
        return retry(e.getMessage());
      }
    }
  }

  /**
   * Stores with a NUL after key and value or without, as the flags say. Where that is to be found
   * out, in the form that the key has in the file; a new key gets a NUL, as Postfix writes it.
   */
  @Override
  public ChangeResult update(byte[] key, byte[] value, int requestFlags) {
    boolean mayHaveNul = tries(requestFlags, TableFlags.TRY1NULL);
    boolean mayHaveNone = tries(requestFlags, TableFlags.TRY0NULL);
    int longest = mayHaveNul ? LONGEST_KEY - 1 : LONGEST_KEY;
    if (key.length == 0 || key.length > longest) {
      return retry(cannotBeStored(key, mayHaveNul));
    }
    return change(entries -> {
      boolean nul =
          mayHaveNul && !(mayHaveNone && !entries.contains(withNul(key)) && entries.contains(key));
      entries.put(nul ? withNul(key) : key, nul ? withNul(value) : value);
      return changed(nul);
    });
  }

  static String cannotBeStored(byte[] key, boolean nul) {
    String text = ByteText.printable(ByteText.of(key));
    return "the key \"%s%s\" of %d bytes cannot be stored: 1 to %d can"
        .formatted(
            text.substring(0, Math.min(EXCERPT, text.length())),
            text.length() > EXCERPT ? "..." : "",
            key.length,
            nul ? LONGEST_KEY - 1 : LONGEST_KEY);
  }

  /** Removes the key in each form that the flags ask for: else the other would be found then. */
  @Override
  public ChangeResult delete(byte[] key, int requestFlags) {
    if (key.length == 0) {
      return NotFound.NOT_FOUND;
    }
    return change(entries -> {
      boolean removedWithNul =
          tries(requestFlags, TableFlags.TRY1NULL)
              && key.length < LONGEST_KEY
              && entries.delete(withNul(key));
      boolean removedWithout =
          tries(requestFlags, TableFlags.TRY0NULL)
              && key.length <= LONGEST_KEY
              && entries.delete(key);
      return removedWithNul || removedWithout ? changed(removedWithNul) : NotFound.NOT_FOUND;
    });
  }

  private static boolean tries(int requestFlags, int form) {
    return (TryBits.of(requestFlags) & form) != 0;
  }

  /** A change in one form: the client need not try the other one any more. */
  private static Changed changed(boolean nul) {
    return new Changed(nul ? TableFlags.TRY0NULL : TableFlags.TRY1NULL);
  }

  private static byte[] withNul(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  private ChangeResult change(Writer.Change change) {
    if (writer == null) {
      return retry("is open for reading only");
    }
    ChangeResult result = writer.change(mapSize, change);
    try {
      follow();
      return result;
    } catch (SystemCallException | CorruptFileException e) {
      return retry(e.getMessage());
    }
  }

  /** What was changed is the file that has the name now: later lookups go there. */
  private synchronized void follow() throws SystemCallException, CorruptFileException {
    if (!file.isAt(path)) {
      DataFile fresh = DataFile.open(path);
      files.add(fresh);
      file = fresh;
    }
  }

  private Retry retry(@Nullable String reason) {
    return new Retry(path + ": " + reason);
  }

  @Override
  public synchronized void close() {
    files.forEach(DataFile::close);
    if (writer != null) {
      writer.release();
    }
  }
}
