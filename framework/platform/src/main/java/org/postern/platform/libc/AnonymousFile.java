package org.postern.platform.libc;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in memory, for libraries that read files only: memfd_create(2). It is in no directory,
 * nobody else can open it, and it is gone when the process is, however that ends.
 */
public final class AnonymousFile {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int MFD_CLOEXEC = 1;

  /** {@code int memfd_create(const char *name, unsigned flags)}. */
  private static final CFunction MEMFD_CREATE = CFunction.of("memfd_create");

  private AnonymousFile() {}

  /** What writes the content. */
  public interface Content<E extends Exception> {
    void write(OutputStream to) throws IOException, E;
  }

  /** Whether there can be one: it is reached through /proc, which a jail may lack. */
  public static boolean isPossible() {
    return Files.isDirectory(DESCRIPTORS);
  }

  /**
   * Makes one that stays for as long as this process.
   *
   * @param name for those who look at the process's open files
   * @return its path, for this process alone
   */
  public static <E extends Exception> Path of(String name, Content<E> content)
      throws IOException, E {
    Path path = DESCRIPTORS.resolve(String.valueOf(descriptor(name)));
    try (OutputStream to = Files.newOutputStream(path)) {
      content.write(to);
    }
    return path;
  }

  private static int descriptor(String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CFunction.CALL_STATE);
      int made = (int) MEMFD_CREATE.call(state, arena.allocateFrom(name).address(), MFD_CLOEXEC);
      if (made < 0) {
        throw new IOException("memfd_create: " + CFunction.reason(state));
      }
      return made;
    }
  }
}
