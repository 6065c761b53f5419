package org.postern.platform.libc;

import java.io.IOException;
import java.nio.file.Path;

/** Where this process' absolute path names begin. */
public final class RootDirectory {
  /** {@code int chroot(const char *path)}, {@code int chdir(const char *path)}. */
  private static final CFunction CHROOT = CFunction.of("chroot");

  private static final CFunction CHDIR = CFunction.of("chdir");

  private RootDirectory() {}

  /**
   * Lets all path names begin at a directory, for good, and works there. For a process that acts as
   * root.
   *
   * @throws IOException with the reason in the C library's words
   */
  public static void change(Path directory) throws IOException {
    Calls.call((arena, state) -> {
      Calls.check(
          "chroot(" + directory + ")",
          CHROOT.call(state, arena.allocateFrom(directory.toString()).address()),
          state);
      Calls.check("chdir(/)", CHDIR.call(state, arena.allocateFrom("/").address()), state);
      return true;
    });
  }
}
