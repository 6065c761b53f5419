package org.postern.driver.berkeleydb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.postern.platform.libc.LockableFile;
import org.postern.platform.libc.SystemCallException;

/**
 * A whole file in native memory, as it was while no one wrote it. Reading it takes no lock and no
 * system call, and goes on while the file is rewritten.
 */
final class Snapshot implements Pages, AutoCloseable {
  private final Arena arena;
  private final MemorySegment bytes;
  private final FileHeader file;

  private Snapshot(Arena arena, MemorySegment bytes, FileHeader file) {
    this.arena = arena;
    this.bytes = bytes;
    this.file = file;
  }

  /**
   * Copies a file.
   *
   * @param locked a file that is locked, so that nobody writes it
   */
  @SuppressWarnings("MustBeClosedChecker") // the snapshot owns the arena, and its table closes it
  static Snapshot of(String maptype, LockableFile locked, long size)
      throws SystemCallException, CorruptFileException {
    Arena arena = Arena.ofShared();
    try {
      MemorySegment bytes = arena.allocate(Math.max(size, 1));
      MemorySegment read = bytes.asSlice(0, locked.read(bytes.asSlice(0, size), 0));
      return new Snapshot(arena, read, FileHeader.read(maptype, read, read.byteSize()));
    } catch (SystemCallException | CorruptFileException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  MemorySegment bytes() {
    return bytes;
  }

  /** Memory that lives as long as the snapshot, zeroed. */
  MemorySegment allocate(long size) {
    return arena.allocate(size, Long.BYTES);
  }

  @Override
  public FileHeader file() {
    return file;
  }

  @Override
  public Page page(long number) throws CorruptFileException {
    checkNumber(number);
    return new Page(file, bytes, number * file.pageSize(), number);
  }

  @Override
  public void close() {
    arena.close();
  }
}
