package org.postern.platform.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.ProcessIdentity;
import org.postern.platform.libc.ThreadIdentity;

/**
 * The directory of a socket, and with whose rights this process may work in it.
 *
 * <p>Anyone who can write one of the directories that lead to it can put another file, or a
 * symbolic link, in the place of what is there. So root makes and removes sockets as the first user
 * on the way who isn't root, with that user's rights only, and refuses a way that several such
 * users, or any user, can change. A process that isn't root's uses its own rights.
 */
public final class SocketDirectory {
  private static final int ROOT = 0;
  private static final int STICKY = 01000;
  private static final int GROUP_MAY_WRITE = 0020;
  private static final int OTHERS_MAY_WRITE = 0002;

  /** As many as Linux follows. */
  private static final int MOST_LINKS = 40;

  private final Path path;
  private int user = ROOT;
  private int group = ROOT;
  private @Nullable Path owned;

  private SocketDirectory(Path path) {
    this.path = path;
  }

  /**
   * Looks at a directory that is there, and at those that lead to it.
   *
   * @param path absolute
   * @throws IOException when there is no such directory, or root must not work there; the message
   *     says why, and what to do
   */
  public static SocketDirectory of(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      throw new IOException("the directory " + path + " does not exist or cannot be entered");
    }
    SocketDirectory directory = new SocketDirectory(path);
    if (ProcessIdentity.user() == ROOT) {
      directory.walk();
    }
    return directory;
  }

  /** Does something there, with the rights that this process may use there. */
  public <R> R use(ThreadIdentity.Work<R> work) throws IOException {
    return user == ROOT ? work.run() : ThreadIdentity.use(user, group, work);
  }

  private void walk() throws IOException {
    Path root = Path.of("/");
    Deque<Path> names = new ArrayDeque<>();
    path.forEach(names::addLast);
    Path at = root;
    look(at);
    for (int links = 0; !names.isEmpty(); ) {
      Path next = at.resolve(names.removeFirst()).normalize();
      look(next);
      if (!Files.isSymbolicLink(next)) {
        at = next;
      } else if (++links > MOST_LINKS) {
        throw new IOException(next + ": too many symbolic links");
      } else {
        Path target = Files.readSymbolicLink(next);
        at = target.isAbsolute() ? root : at;
        Deque<Path> more = new ArrayDeque<>();
        target.forEach(more::addFirst);
        more.forEach(names::addFirst);
      }
    }
  }

  private void look(Path at) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(at, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
    int owner = number(attributes, "uid");
    if (owner != ROOT) {
      belongsTo(owner, number(attributes, "gid"), at);
    } else if (user == ROOT && !Files.isSymbolicLink(at)) {
      refuseIfWritable(at, number(attributes, "mode"), number(attributes, "gid"));
    }
  }

  private static int number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Integer number ? number : -1;
  }

  private void belongsTo(int owner, int ownersGroup, Path at) throws IOException {
    if (user == ROOT) {
      user = owner;
      group = ownersGroup;
      owned = at;
    } else if (user != owner) {
      throw new IOException(
          "%s belongs to user id %d, and %s to user id %d: root works in no directory that two users"
                  .formatted(owned, user, at, owner)
              + " can change; choose another directory");
    }
  }

  private static void refuseIfWritable(Path at, int mode, int group) throws IOException {
    boolean others = (mode & OTHERS_MAY_WRITE) != 0;
    if ((mode & STICKY) == 0 && (others || ((mode & GROUP_MAY_WRITE) != 0 && group != ROOT))) {
      throw new IOException(
          "%s can be written by %s, and root works in no such directory: run \"chmod go-w %s\", or"
                  .formatted(at, others ? "everybody" : "group id " + group, at)
              + " choose another directory");
    }
  }
}
