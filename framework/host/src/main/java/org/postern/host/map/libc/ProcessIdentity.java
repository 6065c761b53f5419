package org.postern.host.map.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * As whom this process makes files, and with what mode: for all of its threads, as the C library
 * sees to it.
 */
public final class ProcessIdentity {
  private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final Linker LINKER = Linker.nativeLinker();

  /** {@code uid_t getuid(void)}, {@code uid_t geteuid(void)}, {@code gid_t getegid(void)}. */
  private static final MethodHandle GETUID = getter("getuid");

  private static final MethodHandle GETEUID = getter("geteuid");
  private static final MethodHandle GETEGID = getter("getegid");

  /** {@code mode_t umask(mode_t mask)}. */
  private static final MethodHandle UMASK =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("umask"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  /** {@code int seteuid(uid_t euid)}. */
  private static final MethodHandle SETEUID =
      handle("seteuid", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  /** {@code int setegid(gid_t egid)}. */
  private static final MethodHandle SETEGID =
      handle("setegid", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  /** {@code int setgroups(size_t size, const gid_t *list)}. */
  private static final MethodHandle SETGROUPS =
      handle("setgroups", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS));

  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private ProcessIdentity() {}

  private static MethodHandle getter(String name) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT));
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }

  /** Whether root has started this process, whoever it acts as now. */
  public static boolean isRoot() {
    try {
      return (int) GETUID.invokeExact() == 0;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The permission bits that new files do not get: umask(2). */
  public static void umask(int mask) {
    try {
      int _ = (int) UMASK.invokeExact(mask);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * From now on, acts as a user with one group, unless it does so already. For a process that root
   * has started; it can be called again.
   *
   * @throws IOException with the reason in the C library's words
   */
  public static void actAs(int user, int group) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      if ((int) GETEUID.invokeExact() == user && (int) GETEGID.invokeExact() == group) {
        return;
      }
      MemorySegment state = arena.allocate(CALL_STATE);
      check("seteuid(0)", (int) SETEUID.invokeExact(state, 0), state);
      check("setegid(" + group + ")", (int) SETEGID.invokeExact(state, group), state);
      MemorySegment groups = arena.allocateFrom(JAVA_INT, group);
      check("setgroups", (int) SETGROUPS.invokeExact(state, 1L, groups), state);
      check("seteuid(" + user + ")", (int) SETEUID.invokeExact(state, user), state);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static void check(String call, int result, MemorySegment state) throws Throwable {
    if (result != 0) {
      MemorySegment text = (MemorySegment) STRERROR.invokeExact((int) ERRNO.get(state, 0L));
      throw new IOException(call + ": " + text.reinterpret(1024).getString(0));
    }
  }

  /** A downcall declares Throwable and throws nothing of its own. */
  private static IllegalStateException unexpected(Throwable thrown) {
    return new IllegalStateException("a call of the C library failed in Java", thrown);
  }
}
