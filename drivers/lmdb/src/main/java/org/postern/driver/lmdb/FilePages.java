package org.postern.driver.lmdb;

import java.lang.foreign.MemorySegment;
import org.postern.platform.libc.LockableFile;
import org.postern.platform.libc.SystemCallException;

/**
 * The pages of a file as they are in it, each read when it is asked for.
 *
 * @param buffers of the thread that asks
 */
record FilePages(LockableFile file, int size, PageBuffers buffers) implements Pages {

  @Override
  public Page page(long number, int depth) throws CorruptFileException {
    MemorySegment bytes = buffers.page(depth, size);
    read(number, bytes);
    return Page.at(bytes, size, number);
  }

  @Override
  public MemorySegment run(long number, long length) throws CorruptFileException {
    if (length > size && !holds(number, length)) {
      throw missing(number); // before there is memory for it
    }
    MemorySegment bytes = buffers.run(length);
    read(number, bytes);
    return bytes;
  }

  private void read(long number, MemorySegment bytes) throws CorruptFileException {
    try {
      if (number < 0
          || number > Long.MAX_VALUE / size - 1
          || file.read(bytes, number * size, buffers.errno()) < bytes.byteSize()) {
        throw missing(number);
      }
    } catch (SystemCallException e) {
      throw unreadable(number, e);
    }
  }

  private boolean holds(long number, long length) throws CorruptFileException {
    try {
      long bytes = file.size();
      return number >= 0 && number < bytes / size && length <= bytes - number * size;
    } catch (SystemCallException e) {
      throw unreadable(number, e);
    }
  }

  private CorruptFileException missing(long number) throws CorruptFileException {
    try {
      return new CorruptFileException(
          number, "is referred to, but the file has " + file.size() / size + " pages");
    } catch (SystemCallException e) {
      throw unreadable(number, e);
    }
  }

  private static CorruptFileException unreadable(long number, SystemCallException e) {
    return new CorruptFileException(number, "cannot be read: " + e.getMessage());
  }
}
