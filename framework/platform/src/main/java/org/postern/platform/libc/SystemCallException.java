package org.postern.platform.libc;

import java.lang.foreign.MemorySegment;

/** A system call failed. */
public final class SystemCallException extends Exception {
  private static final long serialVersionUID = 1;

  private static final int EFBIG = 27;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;

  private final int errno;

  /**
   * For what is not a call's own failure.
   *
   * @param reason in the C library's words: {@code No such file or directory}
   */
  public SystemCallException(String reason) {
    this(reason, 0);
  }

  private SystemCallException(String reason, int errno) {
    super(reason, null, false, false);
    this.errno = errno;
  }

  /**
   * A failure with this error number.
   *
   * @param errno as the C library numbers it on Linux
   */
  public static SystemCallException of(int errno) {
    return new SystemCallException(CFunction.reason(errno), errno);
  }

  /**
   * Why a call has failed.
   *
   * @param state what it was given
   */
  static SystemCallException of(MemorySegment state) {
    int errno = CFunction.errno(state);
    return new SystemCallException(CFunction.reason(state, errno), errno);
  }

  /**
   * Whether there is no room for what was to be written: on the file system, within the user's
   * quota, or within the size that a file of this process may have.
   */
  public boolean isForWantOfRoom() {
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  }
}
