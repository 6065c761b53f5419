package org.postern.host.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the clients of one service connect: a UNIX-domain socket of Postern's own, whose file has
 * mode 0666, as master(8) gives it, because the directory says who may connect; or one that
 * somebody else listens on, and has handed down.
 */
public final class ServiceSocket implements AutoCloseable {
  private static final int BACKLOG = 1024;

  private final String name;
  private final ServerSocketChannel channel;
  private final @Nullable OwnFile file;

  /** The socket's file, and what it was when it was made. */
  private record OwnFile(Path path, Object key) {}

  private ServiceSocket(String name, ServerSocketChannel channel, @Nullable OwnFile file)
      throws IOException {
    this.name = name;
    this.channel = channel;
    this.file = file;
    channel.configureBlocking(false);
  }

  /**
   * Uses a socket that somebody else listens on.
   *
   * @param name for log lines
   */
  public static ServiceSocket inherited(String name, ServerSocketChannel channel)
      throws IOException {
    return new ServiceSocket(name, channel, null);
  }

  /**
   * Listens. A socket file that no server listens on is replaced.
   *
   * @throws SocketInUseException when a live server has it
   * @throws IOException when the socket cannot be made; its message names the path and what to do
   */
  public static ServiceSocket bind(Path path) throws IOException {
    Path directory = Optional.ofNullable(path.toAbsolutePath().getParent()).orElseThrow();
    if (!Files.isDirectory(directory)) {
      throw new IOException(
          path + ": the directory " + directory + " does not exist or cannot be entered");
    }
    removeStale(path);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
      return new ServiceSocket(path.toString(), channel, new OwnFile(path, fileKey(path)));
    } catch (IOException e) {
      channel.close();
      throw new IOException(path + ": cannot listen: " + e.getMessage(), e);
    }
  }

  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    if (!Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
      throw new IOException(path + ": is not a socket; remove it or choose another path");
    }
    try {
      SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
      throw new SocketInUseException(path);
    } catch (ConnectException stale) {
      Files.deleteIfExists(path);
    }
  }

  private static Object fileKey(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  ServerSocketChannel channel() {
    return channel;
  }

  /** What log lines call it: a path. */
  @Override
  public String toString() {
    return name;
  }

  /** Its file, if it is Postern's own. */
  public Optional<Path> path() {
    return Optional.ofNullable(file).map(OwnFile::path);
  }

  /** Listens no more, and removes its own file unless that is another's by now. */
  @Override
  public void close() throws IOException {
    channel.close();
    OwnFile own = file;
    try {
      if (own != null && fileKey(own.path()).equals(own.key())) {
        Files.deleteIfExists(own.path());
      }
    } catch (NoSuchFileException gone) {
      // Somebody removed it: nothing is left to do.
    }
  }
}
