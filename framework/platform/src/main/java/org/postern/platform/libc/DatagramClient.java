package org.postern.platform.libc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/** Sends to a UNIX-domain datagram socket, which the JDK cannot. Used by one thread at a time. */
public final class DatagramClient implements AutoCloseable {
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 02000000;
  private static final int NO_PROTOCOL = 0;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** {@code int socket(int domain, int type, int protocol)}. */
  private static final CFunction SOCKET = CFunction.of("socket");

  /** {@code int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen)}. */
  private static final CFunction CONNECT = CFunction.of("connect");

  /** {@code ssize_t send(int sockfd, const void *buf, size_t len, int flags)}. */
  private static final CFunction SEND = CFunction.of("send");

  /** {@code int close(int fd)}. */
  private static final CFunction CLOSE = CFunction.of("close");

  private final int descriptor;
  private boolean closed;

  private DatagramClient(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Connects.
   *
   * @param socket its path, or a name in the abstract namespace, with {@code @} for the NUL that it
   *     begins with
   * @throws IOException with the reason in the C library's words
   */
  public static DatagramClient connect(String socket) throws IOException {
    return Calls.call((arena, state) -> {
      UnixAddress address = UnixAddress.of(arena, socket);
      int descriptor =
          (int) SOCKET.call(state, UnixAddress.AF_UNIX, SOCK_DGRAM_CLOEXEC, NO_PROTOCOL);
      Calls.check("socket", descriptor, state);
      DatagramClient client = new DatagramClient(descriptor);
      int result = (int) CONNECT.call(state, descriptor, address.bytes().address(), address.size());
      if (result < 0) {
        client.close();
      }
      Calls.check("connect " + socket, result, state);
      return client;
    });
  }

  /** Sends bytes as one datagram. Waits while the receiver has no room. */
  public void send(byte[] bytes) throws IOException {
    Calls.call((arena, state) -> {
      MemorySegment buffer = arena.allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
      long count;
      do {
        count = SEND.call(state, descriptor, buffer.address(), bytes.length, MSG_NOSIGNAL);
      } while (count < 0 && CFunction.errno(state) == CFunction.EINTR);
      Calls.check("send", count, state);
      return true;
    });
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      Calls.call((_, state) -> CLOSE.call(state, descriptor));
    }
  }
}
