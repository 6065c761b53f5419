package org.postern.driver.lmdb;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.postern.platform.libc.LockableFile;
import org.postern.platform.libc.SystemCallException;

/**
 * A file that is read while others write it: without a lock, and without waiting.
 *
 * <p>That is sound because of what LMDB's writers do, in this order. Transaction <i>n</i> takes
 * only pages that neither transaction <i>n</i>-1 nor <i>n</i>-2 left in use; when it has written
 * them, it writes its meta page, over that of <i>n</i>-2. So all that a meta page refers to stays
 * as it is at least for as long as that meta page does. A reader looks at the newer meta page,
 * reads what it refers to, and then looks at the same meta page again: if it still stands, what was
 * read is what that transaction left; if not, two transactions have come since, and the reader
 * begins again.
 *
 * <p>The file is read, not mapped. Anybody may cut it short, by copying another over it for
 * example, and a page that is gone from a mapping ends the process where C code reads it; Java code
 * reads zeros there, and hears of it too late, when it has made an answer of them. A read that
 * comes to the end of the file says so.
 */
final class DataFile implements AutoCloseable {
  /** Two transactions for each of so many lookups: nobody writes that fast. */
  private static final int MOST_TRIES = 1000;

  static final String CUT_SHORT =
      "the file was cut short while it was in use; replace it by renaming another";

  private final LockableFile file;
  private final int pageSize;
  private final long sizeAtFirst;

  private DataFile(LockableFile file) throws SystemCallException, CorruptFileException {
    this.file = file;
    this.sizeAtFirst = file.size();
    MemorySegment start = PageBuffers.ofThisThread().start();
    this.pageSize = Meta.newest(start.asSlice(0, file.read(start, 0))).pageSize();
  }

  /**
   * Opens a file.
   *
   * @throws CorruptFileException when it is no LMDB file
   */
  static DataFile open(Path path) throws SystemCallException, CorruptFileException {
    LockableFile file = LockableFile.open(path);
    try {
      return new DataFile(file);
    } catch (SystemCallException | CorruptFileException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Whether the file of that name is this one, and not one that was put in its place. */
  boolean isAt(Path path) {
    try {
      return file.isAt(path);
    } catch (SystemCallException e) {
      return false;
    }
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
    PageBuffers buffers = PageBuffers.ofThisThread();
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Meta meta = newest(buffers);
      try {
        R result = query.in(new Tree(new FilePages(file, meta.pageSize(), buffers), meta));
        if (stands(meta, buffers)) {
          return result;
        }
      } catch (CorruptFileException e) {
        if (stands(meta, buffers)) {
          throw isCutShort() ? new CorruptFileException(CUT_SHORT) : e;
        }
      } catch (IndexOutOfBoundsException e) {
        if (stands(meta, buffers)) {
          throw new CorruptFileException("refers to bytes that it does not have");
        }
      }
    }
    throw new CorruptFileException("changes faster than it can be read");
  }

  private Meta newest(PageBuffers buffers) throws CorruptFileException {
    MemorySegment start = buffers.start().asSlice(0, pageSize + Meta.LENGTH);
    long length = read(start, 0, buffers);
    if (length < start.byteSize() && isCutShort()) {
      throw new CorruptFileException(CUT_SHORT);
    }
    Meta meta = Meta.newest(start.asSlice(0, length));
    if (meta.pageSize() != pageSize) {
      throw new CorruptFileException(
          "had pages of %d bytes, and has pages of %d".formatted(pageSize, meta.pageSize()));
    }
    return meta;
  }

  private boolean stands(Meta meta, PageBuffers buffers) throws CorruptFileException {
    MemorySegment again = buffers.start().asSlice(0, Meta.LENGTH);
    return read(again, meta.at(), buffers) == Meta.LENGTH && meta.isIn(again);
  }

  private long read(MemorySegment into, long position, PageBuffers buffers)
      throws CorruptFileException {
    try {
      return file.read(into, position, buffers.errno());
    } catch (SystemCallException e) {
      throw new CorruptFileException(String.valueOf(e.getMessage()));
    }
  }

  private boolean isCutShort() {
    try {
      return file.size() < sizeAtFirst;
    } catch (SystemCallException e) {
      return false;
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
