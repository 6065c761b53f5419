package org.postern.platform.socket;

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
import org.postern.platform.libc.FileCreation;

/**
 * The file of a UNIX-domain socket that this process listens on.
 *
 * @param key what the file was when it was made
 */
public record SocketFile(Path path, ServerSocketChannel channel, Object key) {

  /**
   * Listens. A socket file that no server listens on is replaced.
   *
   * @param mode of the file, whatever the umask is: 0666
   * @param backlog how many may wait to be taken
   * @throws SocketInUseException when a live server has it
   * @throws IOException when the socket cannot be made; its message names the path and what to do
   */
  public static SocketFile bind(Path path, int mode, int backlog) throws IOException {
    removeStale(path);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path), backlog);
      FileCreation.setMode(path, mode);
      return new SocketFile(path, channel, fileKey(path));
    } catch (IOException e) {
      channel.close();
      throw new IOException(path + ": cannot listen: " + e.getMessage(), e);
    }
  }

  /** Nothing but a socket is ever removed. */
  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    FileKind kind = FileKind.of(path);
    if (kind != FileKind.SOCKET) {
      throw new IOException(
          path + ": cannot listen: " + kind + " is in the way; remove it or choose another path");
    }
    // Without waiting: there may be a server that takes nobody.
    try (SocketChannel server = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.configureBlocking(false);
      server.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException stale) {
      Files.deleteIfExists(path);
      return;
    } catch (IOException e) {
      throw new IOException(
          "%s: cannot listen: a socket is in the way, and whether a server listens there cannot be found out (%s); remove it or choose another path"
              .formatted(path, e.getMessage()),
          e);
    }
    throw new SocketInUseException(path);
  }

  private static Object fileKey(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
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
