package org.postern.driver.pattern.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * Functions of C libraries as method handles. Pointers are declared as {@code long}s: a call on the
 * way of a lookup then checks and holds nothing, and its caller sees to it that the memory lives.
 */
final class CLibrary {
  private static final Linker LINKER = Linker.nativeLinker();

  private CLibrary() {}

  static MethodHandle function(String name, FunctionDescriptor descriptor) {
    return function(LINKER.defaultLookup(), name, descriptor);
  }

  static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(library.findOrThrow(name), descriptor);
  }

  static boolean has(String name) {
    return LINKER.defaultLookup().find(name).isPresent();
  }

  /** The text as a C string, until its first NUL. */
  static MemorySegment string(Arena arena, byte[] text) {
    MemorySegment copy = arena.allocate(text.length + 1L);
    MemorySegment.copy(text, 0, copy, JAVA_BYTE, 0, text.length);
    return copy;
  }

  static String text(MemorySegment buffer) {
    return buffer.getString(0, StandardCharsets.ISO_8859_1);
  }

  /** A downcall declares Throwable and throws nothing of its own. */
  static IllegalStateException unexpected(Throwable thrown) {
    return new IllegalStateException("a call of a C library failed in Java", thrown);
  }
}
