package org.postern.host.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** What calls of the C library have in common. */
final class LibC {
  static final int EINTR = 4;

  static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();

  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final Linker LINKER = Linker.nativeLinker();
  private static final int LONGEST_MESSAGE = 1024;

  private static final MethodHandle STRERROR =
      plain("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private LibC() {}

  /** A function that cannot fail. */
  static MethodHandle plain(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
  }

  /** A function that says by errno why it failed: its first argument is a {@link #CALL_STATE}. */
  static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }

  /** A function with variable arguments after the first ones. */
  static MethodHandle variadic(String name, FunctionDescriptor descriptor, int fixed) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.firstVariadicArg(fixed));
  }

  static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  static String strerror(int errno) {
    try {
      MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
      return text.reinterpret(LONGEST_MESSAGE).getString(0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Throws what a call has failed for, unless it has not. */
  static void check(String call, int result, MemorySegment state) throws IOException {
    if (result < 0) {
      throw new IOException(call + ": " + strerror(errno(state)));
    }
  }

  /** A call that is given memory for errno. */
  interface Call<R> {
    R with(Arena arena, MemorySegment state) throws Throwable;
  }

  /**
   * Makes a call.
   *
   * @throws IOException what {@link #check} has thrown
   */
  static <R> R call(Call<R> call) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return call.with(arena, arena.allocate(CALL_STATE));
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** A downcall declares Throwable and throws nothing of its own. */
  static IllegalStateException unexpected(Throwable thrown) {
    return new IllegalStateException("a call of the C library failed in Java", thrown);
  }
}
