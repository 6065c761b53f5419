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

/**
 * The UNIX-domain socket of one service. Its file has mode 0666, as master(8) gives it: the
 * directory says who may connect.
 */
public final class ServiceSocket implements AutoCloseable {
  private static final int BACKLOG = 1024;

  private final Path path;
  private final ServerSocketChannel channel;
  private final Object fileKey;

  private ServiceSocket(Path path, ServerSocketChannel channel, Object fileKey) {
    this.path = path;
    this.channel = channel;
    this.fileKey = fileKey;
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
      channel.configureBlocking(false);
      return new ServiceSocket(path, channel, fileKey(path));
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

  public Path path() {
    return path;
  }

  /** Listens no more, and removes the socket's file unless it is another's by now. */
  @Override
  public void close() throws IOException {
    channel.close();
    try {
      if (fileKey(path).equals(fileKey)) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException gone) {
      // Somebody removed it: nothing is left to do.
    }
  }
}
