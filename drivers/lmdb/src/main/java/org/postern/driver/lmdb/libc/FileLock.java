package org.postern.driver.lmdb.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The exclusive lock on a whole file, by fcntl(2). It is an "open file description lock": other
 * programs' ordinary fcntl locks, which Postfix uses, keep it waiting and are kept waiting by it,
 * and so are other locks of this process. For Linux with 64 bits.
 */
public final class FileLock implements AutoCloseable {
  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0100;
  private static final int O_CLOEXEC = 02000000;
  private static final int F_OFD_SETLKW = 38;
  private static final short F_RDLCK = 0;
  private static final short F_WRLCK = 1;
  private static final int EINTR = 4;

  /** {@code struct flock}. Zeros elsewhere: from the start of the file to its end, no process. */
  private static final StructLayout FLOCK =
      MemoryLayout.structLayout(
          JAVA_SHORT.withName("l_type"),
          JAVA_SHORT.withName("l_whence"),
          MemoryLayout.paddingLayout(4),
          JAVA_LONG.withName("l_start"),
          JAVA_LONG.withName("l_len"),
          JAVA_INT.withName("l_pid"),
          MemoryLayout.paddingLayout(4));

  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final Linker LINKER = Linker.nativeLinker();

  /** {@code int open(const char *path, int flags, ...)} with a {@code mode_t}. */
  private static final MethodHandle OPEN =
      handle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT), 2);

  /** {@code int fcntl(int fd, int cmd, ...)} with a {@code struct flock *}. */
  private static final MethodHandle FCNTL =
      handle("fcntl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), 2);

  private static final MethodHandle CLOSE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private final int descriptor;
  private boolean closed;

  private FileLock(int descriptor) {
    this.descriptor = descriptor;
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor, int fixed) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(fixed));
  }

  /**
   * Waits until nobody else has a lock on the file, and takes it.
   *
   * @param path made when it is not there
   * @param mode for that, less the process's umask(2)
   * @throws IOException with the reason in the C library's words
   */
  public static FileLock exclusive(Path path, int mode) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CALL_STATE);
      MemorySegment name = arena.allocateFrom(path.toString(), StandardCharsets.UTF_8);
      FileLock file = new FileLock(open(state, name, mode));
      try {
        file.lock(F_WRLCK, state, arena);
        return file;
      } catch (Throwable e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Lets others read, and nobody write, from now on. */
  public void share() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      lock(F_RDLCK, arena.allocate(CALL_STATE), arena);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private void lock(short type, MemorySegment state, Arena arena) throws Throwable {
    MemorySegment lock = arena.allocate(FLOCK);
    lock.set(JAVA_SHORT, 0, type);
    while ((int) FCNTL.invokeExact(state, descriptor, F_OFD_SETLKW, lock) != 0) {
      throwUnlessInterrupted(state);
    }
  }

  private static int open(MemorySegment state, MemorySegment name, int mode) throws Throwable {
    while (true) {
      int descriptor = (int) OPEN.invokeExact(state, name, O_RDWR | O_CREAT | O_CLOEXEC, mode);
      if (descriptor >= 0) {
        return descriptor;
      }
      throwUnlessInterrupted(state);
    }
  }

  private static void throwUnlessInterrupted(MemorySegment state) throws Throwable {
    int errno = (int) ERRNO.get(state, 0L);
    if (errno != EINTR) {
      MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
      throw new IOException(text.reinterpret(1024).getString(0));
    }
  }

  /** A downcall declares Throwable and throws nothing of its own. */
  private static IllegalStateException unexpected(Throwable thrown) {
    return new IllegalStateException("a call of the C library failed in Java", thrown);
  }

  /** Gives the lock up. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      int _ = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }
}
