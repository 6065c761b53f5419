package org.postern.platform.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Whose the files are that this process makes, and with what mode: for all of its threads. */
public final class FileCreation {
  /** The umask of Postfix's daemons: what they make is for their user alone. */
  public static final int PRIVATE = 077;

  /** {@code mode_t umask(mode_t mask)}. */
  private static final CFunction UMASK = CFunction.of("umask");

  /** {@code gid_t getegid(void)}. */
  private static final CFunction GETEGID = CFunction.of("getegid");

  /** {@code int seteuid(uid_t euid)}, {@code int setegid(gid_t egid)}. */
  private static final CFunction SETEUID = CFunction.of("seteuid");

  private static final CFunction SETEGID = CFunction.of("setegid");

  /** {@code int setgroups(size_t size, const gid_t *list)}. */
  private static final CFunction SETGROUPS = CFunction.of("setgroups");

  /** {@code int fchmodat(int dirfd, const char *path, mode_t mode, int flags)}. */
  private static final CFunction FCHMODAT = CFunction.of("fchmodat");

  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;

  private FileCreation() {}

  /**
   * Gives a file a mode. What a symbolic link points to keeps its own.
   *
   * @throws IOException with the reason in the C library's words
   */
  public static void setMode(Path path, int mode) throws IOException {
    Calls.call((arena, state) -> {
      MemorySegment name = arena.allocateFrom(path.toString(), StandardCharsets.UTF_8);
      long result = FCHMODAT.call(state, AT_FDCWD, name.address(), mode, AT_SYMLINK_NOFOLLOW);
      Calls.check("chmod", result, state);
      return true;
    });
  }

  /**
   * The permission bits that new files do not get: umask(2).
   *
   * @return those from before
   */
  public static int umask(int mask) {
    return Calls.plain(UMASK, mask);
  }

  /**
   * From now on, acts as a user with one group, unless it does so already. For a process that root
   * has started; it can be called again.
   *
   * @throws IOException with the reason in the C library's words
   */
  public static void actAs(int user, int group) throws IOException {
    Calls.call((arena, state) -> {
      if (ProcessIdentity.user() == user && (int) GETEGID.call(state) == group) {
        return true;
      }
      Calls.check("seteuid(0)", SETEUID.call(state, 0), state);
      Calls.check("setegid(" + group + ")", SETEGID.call(state, group), state);
      MemorySegment groups = arena.allocateFrom(JAVA_INT, group);
      Calls.check("setgroups", SETGROUPS.call(state, 1, groups.address()), state);
      Calls.check("seteuid(" + user + ")", SETEUID.call(state, user), state);
      return true;
    });
  }
}
