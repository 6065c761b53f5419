package org.postern.platform.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * Functions of C libraries as method handles of their own form: for those that {@link CFunction}
 * does not fit, or that lie on the way of a lookup. Pointers are best declared as {@code long}s: a
 * call then checks and holds nothing, and its caller sees to it that the memory lives.
 */
public final class CLibrary {
  private static final Linker LINKER = Linker.nativeLinker();

  private CLibrary() {}

  /** A function of the C library itself. */
  public static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
  }

  /** A function of another library. */
  public static MethodHandle function(
      SymbolLookup library, String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(library.findOrThrow(name), descriptor);
  }

  /** Whether the C library has the function. */
  public static boolean has(String name) {
    return LINKER.defaultLookup().find(name).isPresent();
  }

  /** The text as a C string, until its first NUL. */
  public static MemorySegment string(Arena arena, byte[] text) {
    MemorySegment copy = arena.allocate(text.length + 1L);
    MemorySegment.copy(text, 0, copy, JAVA_BYTE, 0, text.length);
    return copy;
  }

  /** A C string, byte by byte. */
  public static String text(MemorySegment buffer) {
    return buffer.getString(0, StandardCharsets.ISO_8859_1);
  }

  /** A downcall declares Throwable and throws nothing of its own. */
  public static IllegalStateException unexpected(Throwable thrown) {
    return new IllegalStateException("a call of a C library failed in Java", thrown);
  }
}
