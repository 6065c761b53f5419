package org.postern.platform.socket;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Where the clients of one service connect: a UNIX-domain socket of Postern's own, whose file has
 * mode 0666, as master(8) gives it, because the directory says who may connect; or one that
 * somebody else listens on, and has handed down.
 */
public final class ServiceSocket implements AutoCloseable {
  private static final int BACKLOG = 1024;
  private static final int MODE = 0666;

  private final String name;
  private final ServerSocketChannel channel;
  private final @Nullable SocketFile file;
  private final AtomicBoolean fileRemoved = new AtomicBoolean();

  private ServiceSocket(String name, ServerSocketChannel channel, @Nullable SocketFile file)
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
    SocketFile file = directory(path).use(() -> SocketFile.bind(path, MODE, BACKLOG));
    return new ServiceSocket(path.toString(), file.channel(), file);
  }

  private static SocketDirectory directory(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    try {
      return SocketDirectory.of(parent == null ? path.toAbsolutePath() : parent);
    } catch (IOException e) {
      throw new IOException(path + ": cannot listen: " + e.getMessage(), e);
    }
  }

  /** To accept at. */
  public ServerSocketChannel channel() {
    return channel;
  }

  /** What log lines call it: a path. */
  @Override
  public String toString() {
    return name;
  }

  /** Its file, if it is Postern's own. */
  public Optional<Path> path() {
    return Optional.ofNullable(file).map(SocketFile::path);
  }

  /**
   * Removes its own file, unless that is another's by now: nobody else connects. Those who have
   * connected can still be accepted.
   */
  public void removeFile() throws IOException {
    SocketFile own = file;
    // Once: by then there may be another one that looks the same.
    if (own != null && fileRemoved.compareAndSet(false, true)) {
      directory(own.path())
          .use(() -> {
            own.remove();
            return true;
          });
    }
  }

  /** Removes its own file, and listens no more. */
  @Override
  public void close() throws IOException {
    try (channel) {
      removeFile();
    }
  }
}
