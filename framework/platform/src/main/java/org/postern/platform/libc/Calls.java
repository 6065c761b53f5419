package org.postern.platform.libc;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What calls of the C library have in common. */
final class Calls {
  private Calls() {}

  /** Throws what a call has failed for, unless it has not. */
  static void check(String call, long result, MemorySegment state) throws IOException {
    if ((int) result < 0) {
      throw new IOException(call + ": " + CFunction.reason(state));
    }
  }

  /** A call that is given memory for errno. */
  interface Call<R> {
    R with(Arena arena, MemorySegment state) throws IOException;
  }

  /**
   * Makes a call.
   *
   * @throws IOException what {@link #check} has thrown
   */
  static <R> R call(Call<R> call) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return call.with(arena, arena.allocate(CFunction.CALL_STATE));
    }
  }

  /** Calls a function that cannot fail, with one argument. */
  static int plain(CFunction function, long argument) {
    return plain(function, argument, 0);
  }

  /** Calls a function that cannot fail, or whose failure nobody would notice. */
  static int plain(CFunction function, long a, long b) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) function.call(arena.allocate(CFunction.CALL_STATE), a, b);
    }
  }
}
