package org.postern.host.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.postern.driver.file.libc.CFunction;

/** Whose the files are that this process makes, and with what mode: for all of its threads. */
public final class FileCreation {
  /** {@code mode_t umask(mode_t mask)}. */
  private static final CFunction UMASK = CFunction.of("umask");

  /** {@code gid_t getegid(void)}. */
  private static final CFunction GETEGID = CFunction.of("getegid");

  /** {@code int seteuid(uid_t euid)}, {@code int setegid(gid_t egid)}. */
  private static final CFunction SETEUID = CFunction.of("seteuid");

  private static final CFunction SETEGID = CFunction.of("setegid");

  /** {@code int setgroups(size_t size, const gid_t *list)}. */
  private static final CFunction SETGROUPS = CFunction.of("setgroups");

  private FileCreation() {}

  /** The permission bits that new files do not get: umask(2). */
  public static void umask(int mask) {
    LibC.plain(UMASK, mask);
  }

  /**
   * From now on, acts as a user with one group, unless it does so already. For a process that root
   * has started; it can be called again.
   *
   * @throws IOException with the reason in the C library's words
   */
  public static void actAs(int user, int group) throws IOException {
    LibC.call((arena, state) -> {
      if (ProcessIdentity.user() == user && (int) GETEGID.call(state) == group) {
        return true;
      }
      LibC.check("seteuid(0)", SETEUID.call(state, 0), state);
      LibC.check("setegid(" + group + ")", SETEGID.call(state, group), state);
      MemorySegment groups = arena.allocateFrom(JAVA_INT, group);
      LibC.check("setgroups", SETGROUPS.call(state, 1, groups.address()), state);
      LibC.check("seteuid(" + user + ")", SETEUID.call(state, user), state);
      return true;
    });
  }
}
