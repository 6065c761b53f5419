package org.postern.platform.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * A function of the C library for Linux that takes up to five integers and pointers.
 *
 * <p>All are called in one way, with five longs: amd64 (System V ABI) and arm64 (AAPCS64) pass int,
 * long and pointers in the same registers, and a function takes no notice of those that it has no
 * parameters for. A pointer is the address of native memory, which the caller keeps until the call
 * has returned. Each further way would take the Java runtime 15 ms to link when a process starts,
 * and somebody waits for its first answer.
 *
 * @param handle (errno's memory, five longs) long
 */
public record CFunction(MethodHandle handle) {
  public static final int EINTR = 4;

  /** Memory for errno, of whoever calls. */
  public static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();

  private static final long ERRNO = CALL_STATE.byteOffset(PathElement.groupElement("errno"));
  private static final FunctionDescriptor FIVE_LONGS =
      FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final long LONGEST_MESSAGE = 1024;

  /** {@code char *strerror(int errnum)}. */
  private static final CFunction STRERROR = of("strerror");

  /** The function of this name. */
  public static CFunction of(String name) {
    return new CFunction(
        CLibrary.function(name, FIVE_LONGS, Linker.Option.captureCallState("errno")));
  }

  /**
   * Calls it with no arguments. What an int function returns is in the lower half: cast it.
   *
   * @param state a {@link #CALL_STATE}
   */
  public long call(MemorySegment state) {
    return call(state, 0, 0, 0, 0, 0);
  }

  public long call(MemorySegment state, long a) {
    return call(state, a, 0, 0, 0, 0);
  }

  public long call(MemorySegment state, long a, long b) {
    return call(state, a, b, 0, 0, 0);
  }

  public long call(MemorySegment state, long a, long b, long c) {
    return call(state, a, b, c, 0, 0);
  }

  public long call(MemorySegment state, long a, long b, long c, long d) {
    return call(state, a, b, c, d, 0);
  }

  public long call(MemorySegment state, long a, long b, long c, long d, long e) {
    try {
      return (long) handle.invokeExact(state, a, b, c, d, e);
    } catch (Throwable thrown) {
      throw CLibrary.unexpected(thrown);
    }
  }

  /** Why the last call failed that was given this memory. */
  public static int errno(MemorySegment state) {
    return state.get(JAVA_INT, ERRNO);
  }

  /**
   * What Postfix prints for {@code %m}.
   *
   * @param state what the failed call was given
   */
  public static String reason(MemorySegment state) {
    return reason(state, errno(state));
  }

  /** What strerror(3) says of an error number. */
  static String reason(int errno) {
    try (Arena arena = Arena.ofConfined()) {
      return reason(arena.allocate(CALL_STATE), errno);
    }
  }

  /**
   * Likewise.
   *
   * @param state memory for errno
   */
  public static String reason(MemorySegment state, int errno) {
    long text = STRERROR.call(state, errno);
    return MemorySegment.ofAddress(text).reinterpret(LONGEST_MESSAGE).getString(0);
  }
}
