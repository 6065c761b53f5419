package org.postern.platform.libc;

import java.io.IOException;

/**
 * As whom one thread of root's uses files: setfsuid(2). All other threads go on as they are, but
 * for those that it starts meanwhile: it must start none.
 */
public final class ThreadIdentity {
  /** {@code int setfsuid(uid_t fsuid)}, {@code int setfsgid(gid_t fsgid)}: the one before. */
  private static final CFunction SETFSUID = CFunction.of("setfsuid");

  private static final CFunction SETFSGID = CFunction.of("setfsgid");

  /** An id that nobody has, and that changes nothing. */
  private static final int NONE = -1;

  private ThreadIdentity() {}

  /** What is done with files. */
  public interface Work<R> {
    R run() throws IOException;
  }

  /**
   * Does something with the rights that a user and a group have to files, and none of root's. What
   * is made meanwhile is theirs.
   *
   * @throws IOException what the work throws, or that this process may not act as others
   */
  public static <R> R use(int user, int group, Work<R> work) throws IOException {
    int groupBefore = Calls.plain(SETFSGID, group);
    int userBefore = Calls.plain(SETFSUID, user);
    try {
      if (Calls.plain(SETFSUID, NONE) != user || Calls.plain(SETFSGID, NONE) != group) {
        throw new IOException("cannot act as user " + user + ", group " + group);
      }
      return work.run();
    } finally {
      Calls.plain(SETFSUID, userBefore);
      Calls.plain(SETFSGID, groupBefore);
    }
  }
}
