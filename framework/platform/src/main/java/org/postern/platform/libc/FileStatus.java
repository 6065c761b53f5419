package org.postern.platform.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Instant;

/**
 * What the file system says of an open file: statx(2). Two that are equal are those of one file
 * that nobody has written between them, as far as its clock tells.
 *
 * @param mode the file's type and permissions: inode(7)
 * @param size bytes
 * @param modified when somebody last wrote into it
 */
public record FileStatus(int mode, long inode, long device, long size, Instant modified) {
  /** Offsets in {@code struct statx}, which is the same on all machines. */
  private static final long STX_MODE = 28;

  private static final long STX_INO = 32;
  private static final long STX_SIZE = 40;
  private static final long STX_MTIME = 112;
  private static final long STX_DEV_MAJOR = 136;
  private static final long STX_DEV_MINOR = 140;
  private static final long LENGTH = 256;

  /** STATX_BASIC_STATS. */
  private static final int BASIC = 0x7ff;

  private static final int FILE_TYPE = 0xf000;
  private static final int REGULAR = 0x8000;
  private static final int FIFO = 0x1000;

  static FileStatus of(int descriptor) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CFunction.CALL_STATE);
      MemorySegment nothing = arena.allocate(1);
      MemorySegment status = arena.allocate(LENGTH, Long.BYTES);
      if ((int)
              LibC.STATX.call(
                  state, descriptor, nothing.address(), LibC.AT_EMPTY_PATH, BASIC, status.address())
          != 0) {
        throw SystemCallException.of(state);
      }
      return new FileStatus(
          Short.toUnsignedInt(status.get(JAVA_SHORT, STX_MODE)),
          status.get(JAVA_LONG, STX_INO),
          ((long) status.get(JAVA_INT, STX_DEV_MAJOR) << Integer.SIZE)
              | Integer.toUnsignedLong(status.get(JAVA_INT, STX_DEV_MINOR)),
          status.get(JAVA_LONG, STX_SIZE),
          Instant.ofEpochSecond(
              status.get(JAVA_LONG, STX_MTIME), status.get(JAVA_INT, STX_MTIME + Long.BYTES)));
    }
  }

  /** Whether it is a file of bytes, and no device, pipe or directory. */
  public boolean isRegular() {
    return (mode & FILE_TYPE) == REGULAR;
  }

  /** Whether it is a named pipe. */
  public boolean isFifo() {
    return (mode & FILE_TYPE) == FIFO;
  }
}
