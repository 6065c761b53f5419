package org.postern.driver.file.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * Which file it is, and how many names it has: statx(2).
 *
 * @param names how many; 0 for one that is open, and removed
 * @param inode its number in its file system
 * @param device its file system
 */
record FileIdentity(int names, long inode, long device) {
  /** Offsets in {@code struct statx}, which is the same on all machines. */
  private static final long STX_NLINK = 16;

  private static final long STX_INO = 32;
  private static final long STX_DEV_MAJOR = 136;
  private static final long STX_DEV_MINOR = 140;
  private static final long SIZE = 256;

  /** Of an open file. */
  static FileIdentity of(int descriptor) throws SystemCallException {
    return of(descriptor, "", LibC.AT_EMPTY_PATH);
  }

  /** Of the file that has this name now. */
  static FileIdentity of(String path) throws SystemCallException {
    return of(LibC.AT_FDCWD, path, 0);
  }

  private static FileIdentity of(int directory, String path, int flags) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CFunction.CALL_STATE);
      MemorySegment name = arena.allocateFrom(path, StandardCharsets.UTF_8);
      MemorySegment status = arena.allocate(SIZE, Long.BYTES);
      int result =
          (int)
              LibC.STATX.call(
                  state,
                  directory,
                  name.address(),
                  flags,
                  LibC.STATX_NLINK_AND_INO,
                  status.address());
      if (result != 0) {
        throw new SystemCallException(CFunction.reason(state));
      }
      return new FileIdentity(
          status.get(JAVA_INT, STX_NLINK),
          status.get(JAVA_LONG, STX_INO),
          ((long) status.get(JAVA_INT, STX_DEV_MAJOR) << Integer.SIZE)
              | Integer.toUnsignedLong(status.get(JAVA_INT, STX_DEV_MINOR)));
    } catch (SystemCallException e) {
      throw e;
    } catch (Throwable e) {
      throw CFunction.unexpected(e);
    }
  }

  /** Whether both are the same file. */
  boolean isSameAs(FileIdentity other) {
    return inode == other.inode && device == other.device;
  }
}
