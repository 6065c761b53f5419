package org.postern.host.libc;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/**
 * As whom one thread of root's uses files: setfsuid(2). All other threads go on as they are, but
 * for those that it starts meanwhile: it must start none.
 */
public final class ThreadIdentity {
  /** {@code int setfsuid(uid_t fsuid)}, {@code int setfsgid(gid_t fsgid)}: the one before. */
  private static final MethodHandle SETFSUID = setter("setfsuid");

  private static final MethodHandle SETFSGID = setter("setfsgid");

  /** An id that nobody has, and that changes nothing. */
  private static final int NONE = -1;

  private ThreadIdentity() {}

  private static MethodHandle setter(String name) {
    return LibC.plain(name, FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  }

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
    try {
      int groupBefore = (int) SETFSGID.invokeExact(group);
      int userBefore = (int) SETFSUID.invokeExact(user);
      try {
        if ((int) SETFSUID.invokeExact(NONE) != user || (int) SETFSGID.invokeExact(NONE) != group) {
          throw new IOException("cannot act as user " + user + ", group " + group);
        }
        return work.run();
      } finally {
        int _ = (int) SETFSUID.invokeExact(userBefore);
        int _ = (int) SETFSGID.invokeExact(groupBefore);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw LibC.unexpected(e);
    }
  }
}
