package org.postern.host.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** Where this process' absolute path names begin. */
public final class RootDirectory {
  /** {@code int chroot(const char *path)}, {@code int chdir(const char *path)}. */
  private static final MethodHandle CHROOT =
      LibC.handle("chroot", FunctionDescriptor.of(JAVA_INT, ADDRESS));

  private static final MethodHandle CHDIR =
      LibC.handle("chdir", FunctionDescriptor.of(JAVA_INT, ADDRESS));

  private RootDirectory() {}

  /**
   * Lets all path names begin at a directory, for good, and works there. For a process that acts as
   * root.
   *
   * @throws IOException with the reason in the C library's words
   */
  public static void change(Path directory) throws IOException {
    LibC.call((arena, state) -> {
      LibC.check(
          "chroot(" + directory + ")",
          (int) CHROOT.invokeExact(state, arena.allocateFrom(directory.toString())),
          state);
      LibC.check("chdir(/)", (int) CHDIR.invokeExact(state, arena.allocateFrom("/")), state);
      return true;
    });
  }
}
