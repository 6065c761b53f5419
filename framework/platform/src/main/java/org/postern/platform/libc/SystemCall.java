package org.postern.platform.libc;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A system call that gives -1 when it fails, and may be made again when a signal interrupts it. */
interface SystemCall {

  /**
   * Makes the call.
   *
   * @param state a {@link CFunction#CALL_STATE}
   */
  int with(MemorySegment state);

  /**
   * Makes a call until no signal interrupts it.
   *
   * @throws SystemCallException with the reason in the C library's words
   */
  static int untilDone(SystemCall call) throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CFunction.CALL_STATE);
      while (true) {
        int result = call.with(state);
        if (result >= 0) {
          return result;
        }
        throwUnlessInterrupted(state);
      }
    }
  }

  /**
   * To be called when a call has failed.
   *
   * @param state what it was given
   */
  static void throwUnlessInterrupted(MemorySegment state) throws SystemCallException {
    if (CFunction.errno(state) != CFunction.EINTR) {
      throw SystemCallException.of(state);
    }
  }
}
