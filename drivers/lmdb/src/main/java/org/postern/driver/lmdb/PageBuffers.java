package org.postern.driver.lmdb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.CFunction;

/** Native memory that pages are read into: of each thread, kept from lookup to lookup. */
final class PageBuffers {
  private static final ThreadLocal<PageBuffers> OF_THREAD =
      ThreadLocal.withInitial(PageBuffers::new);

  /** Longer runs are values of which there are few: their memory is not kept. */
  private static final long LARGEST_KEPT = 1 << 16;

  private static final long ALIGNMENT = 16;

  private final @Nullable MemorySegment[] pages = new MemorySegment[Tree.HIGHEST + 1];
  private final MemorySegment start = allocate(2L * Meta.LARGEST_PAGE);
  private final MemorySegment errno = Arena.ofAuto().allocate(CFunction.CALL_STATE);
  private MemorySegment run = allocate(LARGEST_KEPT);

  static PageBuffers ofThisThread() {
    return OF_THREAD.get();
  }

  private static MemorySegment allocate(long size) {
    return Arena.ofAuto().allocate(size, ALIGNMENT);
  }

  /** For a page of a tree. */
  MemorySegment page(int depth, int size) {
    MemorySegment buffer = pages[depth];
    if (buffer == null || buffer.byteSize() != size) {
      buffer = allocate(size);
      pages[depth] = buffer;
    }
    return buffer;
  }

  /** For the two meta pages. */
  MemorySegment start() {
    return start;
  }

  /** For pages one after the other. */
  MemorySegment run(long length) {
    if (length > LARGEST_KEPT) {
      return allocate(length);
    }
    return run.asSlice(0, length);
  }

  /** For errno. */
  MemorySegment errno() {
    return errno;
  }
}
