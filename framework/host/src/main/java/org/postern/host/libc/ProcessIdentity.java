package org.postern.host.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * As whom this process acts, and with what mode it makes files: for all of its threads, as the C
 * library sees to it.
 */
public final class ProcessIdentity {
  /** {@code struct passwd} of the GNU C library and of musl. */
  private static final StructLayout PASSWD =
      MemoryLayout.structLayout(
          ADDRESS.withName("pw_name"),
          ADDRESS.withName("pw_passwd"),
          JAVA_INT.withName("pw_uid"),
          JAVA_INT.withName("pw_gid"),
          ADDRESS.withName("pw_gecos"),
          ADDRESS.withName("pw_dir"),
          ADDRESS.withName("pw_shell"));

  private static final long USER = PASSWD.byteOffset(PathElement.groupElement("pw_uid"));
  private static final long GROUP = PASSWD.byteOffset(PathElement.groupElement("pw_gid"));

  /** {@code uid_t getuid(void)}, {@code uid_t geteuid(void)}, {@code gid_t getegid(void)}. */
  private static final MethodHandle GETUID = getter("getuid");

  private static final MethodHandle GETEUID = getter("geteuid");
  private static final MethodHandle GETEGID = getter("getegid");

  /** {@code mode_t umask(mode_t mask)}. */
  private static final MethodHandle UMASK =
      LibC.plain("umask", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  /** {@code int seteuid(uid_t euid)}. */
  private static final MethodHandle SETEUID = setter("seteuid");

  /** {@code int setegid(gid_t egid)}. */
  private static final MethodHandle SETEGID = setter("setegid");

  /** {@code int setuid(uid_t uid)}. */
  private static final MethodHandle SETUID = setter("setuid");

  /** {@code int setgid(gid_t gid)}. */
  private static final MethodHandle SETGID = setter("setgid");

  /** {@code int setgroups(size_t size, const gid_t *list)}. */
  private static final MethodHandle SETGROUPS =
      LibC.handle("setgroups", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, ADDRESS));

  /** {@code int initgroups(const char *user, gid_t group)}. */
  private static final MethodHandle INITGROUPS =
      LibC.handle("initgroups", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));

  /** {@code struct passwd *getpwnam(const char *name)}. */
  private static final MethodHandle GETPWNAM =
      LibC.plain("getpwnam", FunctionDescriptor.of(ADDRESS, ADDRESS));

  /** {@code pid_t setsid(void)}. */
  private static final MethodHandle SETSID = getter("setsid");

  private ProcessIdentity() {}

  private static MethodHandle getter(String name) {
    return LibC.plain(name, FunctionDescriptor.of(JAVA_INT));
  }

  private static MethodHandle setter(String name) {
    return LibC.handle(name, FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  }

  /** Whether root has started this process, whoever it acts as now. */
  public static boolean isRoot() {
    try {
      return (int) GETUID.invokeExact() == 0;
    } catch (Throwable e) {
      throw LibC.unexpected(e);
    }
  }

  /** As whom this process acts: a user's number. */
  public static int user() {
    try {
      return (int) GETEUID.invokeExact();
    } catch (Throwable e) {
      throw LibC.unexpected(e);
    }
  }

  /** The permission bits that new files do not get: umask(2). */
  public static void umask(int mask) {
    try {
      int _ = (int) UMASK.invokeExact(mask);
    } catch (Throwable e) {
      throw LibC.unexpected(e);
    }
  }

  /**
   * From now on, acts as a user with one group, unless it does so already. For a process that root
   * has started; it can be called again.
   *
   * @throws IOException with the reason in the C library's words
   */
  public static void actAs(int user, int group) throws IOException {
    LibC.call((arena, state) -> {
      if ((int) GETEUID.invokeExact() == user && (int) GETEGID.invokeExact() == group) {
        return true;
      }
      LibC.check("seteuid(0)", (int) SETEUID.invokeExact(state, 0), state);
      LibC.check("setegid(" + group + ")", (int) SETEGID.invokeExact(state, group), state);
      MemorySegment groups = arena.allocateFrom(JAVA_INT, group);
      LibC.check("setgroups", (int) SETGROUPS.invokeExact(state, 1L, groups), state);
      LibC.check("seteuid(" + user + ")", (int) SETEUID.invokeExact(state, user), state);
      return true;
    });
  }

  /**
   * Becomes a user, with all the groups that the user is in, for good: neither this process nor a
   * program that it runs can get root's privileges back. For a process that acts as root.
   *
   * @param user a login name, UTF-8
   * @throws IOException with the reason in the C library's words, or that there is no such user
   */
  public static void become(String user) throws IOException {
    become(user, Optional.empty());
  }

  /**
   * Becomes a user and has all path names begin at a directory, for good. The user is looked for
   * outside it.
   *
   * @param user a login name, UTF-8
   * @param root that directory
   * @throws IOException with the reason in the C library's words, or that there is no such user
   */
  public static void become(String user, Path root) throws IOException {
    become(user, Optional.of(root));
  }

  private static void become(String user, Optional<Path> root) throws IOException {
    LibC.call((arena, state) -> {
      MemorySegment name = arena.allocateFrom(user, StandardCharsets.UTF_8);
      MemorySegment found = (MemorySegment) GETPWNAM.invokeExact(name);
      if (found.equals(MemorySegment.NULL)) {
        throw new IOException("unknown user: " + user);
      }
      MemorySegment entry = found.reinterpret(PASSWD.byteSize());
      int uid = entry.get(JAVA_INT, USER);
      int gid = entry.get(JAVA_INT, GROUP);
      LibC.check("setgid(" + gid + ")", (int) SETGID.invokeExact(state, gid), state);
      LibC.check(
          "initgroups(" + user + ", " + gid + ")",
          (int) INITGROUPS.invokeExact(state, name, gid),
          state);
      if (root.isPresent()) {
        RootDirectory.change(root.get());
      }
      LibC.check("setuid(" + uid + ")", (int) SETUID.invokeExact(state, uid), state);
      return true;
    });
  }

  /** Leaves the process group, if it is another's: a signal to that group does not come here. */
  public static void leaveProcessGroup() {
    try {
      int _ = (int) SETSID.invokeExact();
    } catch (Throwable e) {
      throw LibC.unexpected(e);
    }
  }
}
