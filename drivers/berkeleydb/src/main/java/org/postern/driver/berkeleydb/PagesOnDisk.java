package org.postern.driver.berkeleydb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.postern.platform.libc.StoredFile;
import org.postern.platform.libc.SystemCallException;

/**
 * The pages of a file too large for memory, read one by one for one operation, during which the
 * file is locked.
 */
final class PagesOnDisk implements Pages, AutoCloseable {
  private final StoredFile locked;

  @SuppressWarnings("MustBeClosedChecker") // closed with this
  private final Arena arena = Arena.ofConfined();

  private final MemorySegment buffer;
  private final FileHeader file;

  PagesOnDisk(String maptype, StoredFile locked) throws SystemCallException, CorruptFileException {
    this.locked = locked;
    try {
      MemorySegment start = arena.allocate(FileHeader.SMALLEST_PAGE);
      long count = locked.read(start, 0);
      this.file = FileHeader.read(maptype, start.asSlice(0, count), locked.size());
      this.buffer = arena.allocate(file.pageSize());
    } catch (SystemCallException | CorruptFileException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public FileHeader file() {
    return file;
  }

  @Override
  public Page page(long number) throws CorruptFileException {
    checkNumber(number);
    try {
      if (locked.read(buffer, number * file.pageSize()) < file.pageSize()) {
        throw new CorruptFileException(number, "is not whole");
      }
    } catch (SystemCallException e) {
      throw new CorruptFileException(number, "cannot be read: " + e.getMessage());
    }
    MemorySegment bytes = MemorySegment.ofArray(new byte[file.pageSize()]).copyFrom(buffer);
    return new Page(file, bytes, 0, number);
  }

  @Override
  public void close() {
    arena.close();
  }
}
