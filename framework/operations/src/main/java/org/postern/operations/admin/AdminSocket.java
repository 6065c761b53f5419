package org.postern.operations.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.config.Configuration;
import org.postern.host.approval.Service;
import org.postern.platform.libc.ProcessIdentity;
import org.postern.platform.libc.ThreadIdentity;
import org.postern.platform.socket.SocketDirectory;
import org.postern.platform.socket.SocketFile;

/**
 * Where the admin socket is: in a directory of its own with mode 0700, below one that belongs to
 * the user that the server runs as, or will run as.
 *
 * <p>Root makes both as the owner of that outer directory, with his rights only: he could lead root
 * elsewhere by a symbolic link.
 */
public final class AdminSocket {
  /** Its parameter. */
  public static final String PARAMETER = "postern_admin_socket";

  private static final String CLOSED = "rwx------";
  private static final int MODE = 0600;
  private static final int BACKLOG = 16;

  private final Path path;

  /**
   * @param path absolute
   */
  AdminSocket(Path path) {
    this.path = path;
  }

  /** That of a server with both services; empty when it is turned off. */
  public static Optional<AdminSocket> of(Configuration configuration) {
    return path(configuration).map(AdminSocket::new);
  }

  /** That of a server with one service only, which bears its name. */
  public static Optional<AdminSocket> of(Configuration configuration, Service service) {
    return path(configuration).map(path -> new AdminSocket(named(path, service)));
  }

  /** Where there may be one: a server's own socket, and those for each service. */
  public static List<Path> places(Configuration configuration) {
    List<Path> places = new ArrayList<>();
    path(configuration)
        .ifPresent(path -> {
          places.add(path);
          for (Service service : Service.values()) {
            places.add(named(path, service));
          }
        });
    return places;
  }

  private static Optional<Path> path(Configuration configuration) {
    return configuration
        .path(PARAMETER)
        .map(path -> configuration.path("data_directory").orElse(Path.of("/")).resolve(path));
  }

  private static Path named(Path path, Service service) {
    return path.resolveSibling(path.getFileName() + "-" + service.serviceName());
  }

  Path path() {
    return path;
  }

  /**
   * Listens.
   *
   * @throws org.postern.platform.socket.SocketInUseException when a live server has it
   * @throws IOException when it cannot be made; the message says why
   */
  SocketFile bind() throws IOException {
    return asOwner(() -> {
      makeDirectory();
      return SocketFile.bind(path, MODE, BACKLOG);
    });
  }

  /** Removes its file, unless it is another's by now. */
  void remove(SocketFile file) throws IOException {
    asOwner(() -> {
      file.remove();
      return true;
    });
  }

  private Path directory() throws IOException {
    return parent(path);
  }

  private static Path parent(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent == null) {
      throw new IOException(path + ": not in a directory");
    }
    return parent;
  }

  private <R> R asOwner(ThreadIdentity.Work<R> work) throws IOException {
    return SocketDirectory.of(parent(directory())).use(work);
  }

  private void makeDirectory() throws IOException {
    Path directory = directory();
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(
          directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(CLOSED)));
    }
    int owner = (int) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    int own =
        ProcessIdentity.user() == 0
            ? (int) Files.getAttribute(parent(directory), "unix:uid")
            : ProcessIdentity.user();
    Set<PosixFilePermission> mode =
        Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        || owner != own
        || !mode.equals(PosixFilePermissions.fromString(CLOSED))) {
      throw new IOException(
          directory
              + " must be a directory of mode 0700 that belongs to user "
              + own
              + ": name a socket in another one, which Postern can make");
    }
  }

  /** Its path. */
  @Override
  public String toString() {
    return path.toString();
  }
}
