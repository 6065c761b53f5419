package org.postern.driver.lmdb;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file, mapped into memory and read while others write it: without a lock, and without waiting.
 *
 * <p>That is sound because of what LMDB's writers do, in this order. Transaction <i>n</i> takes
 * only pages that neither transaction <i>n</i>-1 nor <i>n</i>-2 left in use; when it has written
 * them, it writes its meta page, over that of <i>n</i>-2. So all that a meta page refers to stays
 * as it is at least for as long as that meta page does. A reader looks at the newer meta page,
 * reads what it refers to, and then looks at the same meta page again: if it still stands, what was
 * read is what that transaction left; if not, two transactions have come since, and the reader
 * begins again.
 */
final class DataFile implements AutoCloseable {
  /** Two transactions for each of so many lookups: nobody writes that fast. */
  private static final int MOST_TRIES = 1000;

  /** What an InternalError of the JVM means: a page of a mapped file is no longer there. */
  static final String CUT_SHORT =
      "the file was cut short while it was in use; replace it by renaming another";

  private final FileChannel channel;
  private final @Nullable Object identity;
  private final List<Arena> arenas = new ArrayList<>();
  private volatile MemorySegment bytes;

  private DataFile(FileChannel channel, @Nullable Object identity) throws IOException {
    this.channel = channel;
    this.identity = identity;
    this.bytes = map();
  }

  /**
   * Opens a file.
   *
   * @throws CorruptFileException when it is no LMDB file
   */
  @SuppressWarnings("MustBeClosedChecker") // the file owns the channel
  static DataFile open(Path path) throws IOException, CorruptFileException {
    if (Files.isDirectory(path)) {
      throw new IOException("Is a directory");
    }
    FileChannel channel = FileChannel.open(path);
    try {
      DataFile file = new DataFile(channel, identity(path));
      try {
        Meta.newest(file.bytes);
        return file;
      } catch (CorruptFileException | RuntimeException | InternalError e) {
        file.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable Object identity(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** Whether the file of that name is this one, and not one that was put in its place. */
  boolean isAt(Path path) {
    try {
      return Objects.equals(identity, identity(path));
    } catch (IOException e) {
      return false;
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with the file: readers may still be at it
  private MemorySegment map() throws IOException {
    Arena arena = Arena.ofShared();
    arenas.add(arena);
    return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
  }

  /** Something that is read in one transaction. */
  interface Query<R> {
    R in(Tree tree) throws CorruptFileException;
  }

  /**
   * Reads what some transaction left: the last one, or one that ended since this began.
   *
   * @throws CorruptFileException when the file is damaged where it was read
   */
  <R> R read(Query<R> query) throws CorruptFileException {
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      MemorySegment mapped = bytes;
      Meta meta = Meta.newest(mapped);
      if (meta.end() > mapped.byteSize()) {
        mapped = grown();
      }
      try {
        R result = query.in(new Tree(mapped, meta));
        if (meta.standsIn(mapped)) {
          return result;
        }
      } catch (CorruptFileException e) {
        if (meta.standsIn(mapped)) {
          throw e;
        }
      } catch (IndexOutOfBoundsException e) {
        if (meta.standsIn(mapped)) {
          throw new CorruptFileException("refers to bytes that it does not have");
        }
      }
    }
    throw new CorruptFileException("changes faster than it can be read");
  }

  /** The file as long as it is now. Its last pages are missing when nobody has used them yet. */
  private synchronized MemorySegment grown() throws CorruptFileException {
    try {
      if (channel.size() > bytes.byteSize()) {
        bytes = map();
      }
      return bytes;
    } catch (IOException e) {
      throw new CorruptFileException(String.valueOf(e.getMessage()));
    }
  }

  /** The whole file, as long as it is now. */
  synchronized MemorySegment whole() throws IOException {
    if (channel.size() != bytes.byteSize()) {
      bytes = map();
    }
    return bytes;
  }

  @Override
  public synchronized void close() {
    arenas.forEach(Arena::close);
    arenas.clear();
    try {
      channel.close();
    } catch (IOException e) {
      // There is nothing that it could not have written.
    }
  }
}
