package org.postern.platform.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** Locks of fcntl(2) on a whole file, which belong to an open file and not to the process. */
enum RecordLock {
  SHARED((short) 0),
  EXCLUSIVE((short) 1),
  NONE((short) 2);

  /** {@code struct flock}. Zeros elsewhere: from the start of the file to its end, no process. */
  private static final StructLayout FLOCK =
      MemoryLayout.structLayout(
          JAVA_SHORT.withName("l_type"),
          JAVA_SHORT.withName("l_whence"),
          MemoryLayout.paddingLayout(4),
          JAVA_LONG.withName("l_start"),
          JAVA_LONG.withName("l_len"),
          JAVA_INT.withName("l_pid"),
          MemoryLayout.paddingLayout(4));

  /** The value of {@code l_type}. */
  private final short type;

  RecordLock(short type) {
    this.type = type;
  }

  /** Waits until the lock can be had, in place of the one that this open file has. */
  void take(int descriptor) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment lock = arena.allocate(FLOCK);
      lock.set(JAVA_SHORT, 0, type);
      SystemCall.untilDone(
          state -> (int) LibC.FCNTL.call(state, descriptor, LibC.F_OFD_SETLKW, lock.address()));
    }
  }
}
