package org.postern.platform.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * Which file it is, whose, of what kind, and how many names it has: statx(2).
 *
 * @param names how many; 0 for one that is open, and removed
 * @param owner a user's number
 * @param group a group's number
 * @param mode with the bits that say what kind of file it is
 * @param inode its number in its file system
 * @param device its file system
 */
record FileIdentity(int names, int owner, int group, int mode, long inode, long device) {
  private static final int TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final int PERMISSIONS = 0777;
  private static final int OTHERS_MAY_WRITE = 0022;

  /** Offsets in {@code struct statx}, which is the same on all machines. */
  private static final long STX_NLINK = 16;

  private static final long STX_UID = 20;
  private static final long STX_GID = 24;
  private static final long STX_MODE = 28;
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

  /** Likewise, but of a symbolic link itself. */
  static FileIdentity ofName(String path) throws SystemCallException {
    return of(LibC.AT_FDCWD, path, LibC.AT_SYMLINK_NOFOLLOW);
  }

  private static FileIdentity of(int directory, String path, int flags) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CFunction.CALL_STATE);
      MemorySegment name = arena.allocateFrom(path, StandardCharsets.UTF_8);
      MemorySegment status = arena.allocate(SIZE, Long.BYTES);
      int result =
          (int)
              LibC.STATX.call(
                  state, directory, name.address(), flags, LibC.STATX_IDENTITY, status.address());
      if (result != 0) {
        throw SystemCallException.of(state);
      }
      return new FileIdentity(
          status.get(JAVA_INT, STX_NLINK),
          status.get(JAVA_INT, STX_UID),
          status.get(JAVA_INT, STX_GID),
          Short.toUnsignedInt(status.get(JAVA_SHORT, STX_MODE)),
          status.get(JAVA_LONG, STX_INO),
          ((long) status.get(JAVA_INT, STX_DEV_MAJOR) << Integer.SIZE)
              | Integer.toUnsignedLong(status.get(JAVA_INT, STX_DEV_MINOR)));
    }
  }

  /** Whether both are the same file. */
  boolean isSameAs(FileIdentity other) {
    return inode == other.inode && device == other.device;
  }

  boolean isRegular() {
    return (mode & TYPE) == REGULAR;
  }

  /** Read, write, execute: no set-user-id bit and the like. */
  int permissions() {
    return mode & PERMISSIONS;
  }

  /** Whether others than its owner may write it. */
  boolean isWritableForOthers() {
    return (mode & OTHERS_MAY_WRITE) != 0;
  }
}
