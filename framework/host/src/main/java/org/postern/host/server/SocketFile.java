package org.postern.host.server;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file of a UNIX-domain socket that this process listens on.
 *
 * @param key what the file was when it was made
 */
public record SocketFile(Path path, ServerSocketChannel channel, Object key) {

  /**
   * Listens. A socket file that no server listens on is replaced.
   *
   * @param permissions of the file: {@code rw-rw-rw-}
   * @param backlog how many may wait to be taken
   * @throws SocketInUseException when a live server has it
   * @throws IOException when the socket cannot be made; its message names the path and what to do
   */
  public static SocketFile bind(Path path, String permissions, int backlog) throws IOException {
    removeStale(path);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path), backlog);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
      return new SocketFile(path, channel, fileKey(path));
    } catch (IOException e) {
      channel.close();
      throw new IOException(path + ": cannot listen: " + e.getMessage(), e);
    }
  }

  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!attributes(path).isOther()) {
      throw new IOException(path + ": is not a socket; remove it or choose another path");
    }
    try {
      SocketChannel.open(UnixDomainSocketAddress.of(path)).close();
      throw new SocketInUseException(path);
    } catch (ConnectException stale) {
      Files.deleteIfExists(path);
    }
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static Object fileKey(Path path) throws IOException {
    return attributes(path).fileKey();
  }

  /** Removes the file, unless it is another's by now. */
  public void remove() throws IOException {
    try {
      if (fileKey(path).equals(key)) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException gone) {
      // Somebody removed it: nothing is left to do.
    }
  }
}
