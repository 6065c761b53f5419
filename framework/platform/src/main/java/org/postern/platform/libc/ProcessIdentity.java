package org.postern.platform.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** As whom this process acts: for all of its threads, as the C library sees to it. */
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

  /** {@code int setuid(uid_t uid)}. */
  private static final CFunction SETUID = CFunction.of("setuid");

  /** {@code int setgid(gid_t gid)}. */
  private static final CFunction SETGID = CFunction.of("setgid");

  /** {@code int initgroups(const char *user, gid_t group)}. */
  private static final CFunction INITGROUPS = CFunction.of("initgroups");

  /** {@code struct passwd *getpwnam(const char *name)}. */
  private static final CFunction GETPWNAM = CFunction.of("getpwnam");

  /** {@code uid_t getuid(void)}, {@code uid_t geteuid(void)}. */
  private static final CFunction GETUID = CFunction.of("getuid");

  private static final CFunction GETEUID = CFunction.of("geteuid");

  /** {@code struct passwd *getpwuid(uid_t uid)}. */
  private static final CFunction GETPWUID = CFunction.of("getpwuid");

  private static final long LONGEST_NAME = 256;

  /** {@code pid_t setsid(void)}. */
  private static final CFunction SETSID = CFunction.of("setsid");

  private ProcessIdentity() {}

  /** Whether root has started this process, whoever it acts as now. */
  public static boolean isRoot() {
    return Calls.plain(GETUID, 0) == 0;
  }

  /** As whom this process acts: a user's number. */
  public static int user() {
    return Calls.plain(GETEUID, 0);
  }

  /** The same by its name, if it has one. */
  public static String userName() {
    int user = user();
    try {
      return Calls.call((_, state) -> {
        long found = GETPWUID.call(state, user);
        return found == 0
            ? "user " + user
            : MemorySegment.ofAddress(found)
                .reinterpret(PASSWD.byteSize())
                .get(ADDRESS, 0)
                .reinterpret(LONGEST_NAME)
                .getString(0);
      });
    } catch (IOException e) {
      return "user " + user;
    }
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
    Calls.call((arena, state) -> {
      MemorySegment name = arena.allocateFrom(user, StandardCharsets.UTF_8);
      long found = GETPWNAM.call(state, name.address());
      if (found == 0) {
        throw new IOException("unknown user: " + user);
      }
      MemorySegment entry = MemorySegment.ofAddress(found).reinterpret(PASSWD.byteSize());
      int uid = entry.get(JAVA_INT, USER);
      int gid = entry.get(JAVA_INT, GROUP);
      Calls.check("setgid(" + gid + ")", SETGID.call(state, gid), state);
      Calls.check(
          "initgroups(" + user + ", " + gid + ")",
          INITGROUPS.call(state, name.address(), gid),
          state);
      if (root.isPresent()) {
        RootDirectory.change(root.get());
      }
      Calls.check("setuid(" + uid + ")", SETUID.call(state, uid), state);
      return true;
    });
  }

  /** Leaves the process group, if it is another's: a signal to that group does not come here. */
  public static void leaveProcessGroup() {
    Calls.plain(SETSID, 0);
  }
}
