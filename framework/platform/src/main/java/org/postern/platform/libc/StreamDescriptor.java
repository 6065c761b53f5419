package org.postern.platform.libc;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A stream socket by the calls of the C library: the kernel itself keeps the time that a call may
 * wait, so that each {@link #receive} and each {@link #send} is one call. One thread may receive
 * while another one sends and a third one closes.
 */
public final class StreamDescriptor {
  /** So many bytes go to the kernel, or come from it, in one call. */
  public static final int ROOM = 16 * 1024;

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_STREAM_CLOEXEC = 1 | 02000000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int SO_SNDTIMEO = 21;
  private static final int SHUT_RDWR = 2;
  private static final int ETIMEDOUT = 110;
  private static final int EAGAIN = 11;
  private static final int EINPROGRESS = 115;
  private static final int ECONNREFUSED = 111;
  private static final int EHOSTUNREACH = 113;
  private static final long MICROSECONDS = 1_000_000;

  /** {@code int socket(int domain, int type, int protocol)}. */
  private static final CFunction SOCKET = CFunction.of("socket");

  /** {@code int connect(int sockfd, const struct sockaddr *addr, socklen_t addrlen)}. */
  private static final CFunction CONNECT = CFunction.of("connect");

  /** {@code ssize_t send(int sockfd, const void *buf, size_t len, int flags)}. */
  private static final CFunction SEND = CFunction.of("send");

  /** {@code ssize_t recv(int sockfd, void *buf, size_t len, int flags)}. */
  private static final CFunction RECV = CFunction.of("recv");

  /** {@code int setsockopt(int sockfd, int level, int name, const void *value, socklen_t len)}. */
  private static final CFunction SETSOCKOPT = CFunction.of("setsockopt");

  /** {@code int getsockopt(int sockfd, int level, int name, void *value, socklen_t *len)}. */
  private static final CFunction GETSOCKOPT = CFunction.of("getsockopt");

  /** {@code int shutdown(int sockfd, int how)}. */
  private static final CFunction SHUTDOWN = CFunction.of("shutdown");

  private final int descriptor;

  /** A place in native memory, with what a call in it needs besides; for one thread at a time. */
  private static final class Buffer {
    final MemorySegment state;
    final MemorySegment bytes;

    Buffer() {
      Arena arena = Arena.ofAuto();
      this.state = arena.allocate(CFunction.CALL_STATE);
      this.bytes = arena.allocate(ROOM);
    }
  }

  private final Buffer in = new Buffer();
  private final Buffer out = new Buffer();

  // What follows is guarded by this.
  private int users;
  private boolean closed;

  private StreamDescriptor(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Connects to a UNIX-domain socket.
   *
   * @param path or a name in the abstract namespace, with {@code @} for the NUL it begins with
   * @param wait at most; zero for as long as it takes
   * @throws IOException with the reason in the C library's words
   */
  public static StreamDescriptor connect(Path path, Duration wait) throws IOException {
    return Calls.call((arena, state) -> {
      UnixAddress address = UnixAddress.of(arena, path.toString());
      return connect(state, UnixAddress.AF_UNIX, address.bytes(), address.size(), wait);
    });
  }

  /**
   * Connects over TCP.
   *
   * @param wait at most; zero for as long as the kernel tries
   * @throws IOException with the reason in the C library's words
   */
  public static StreamDescriptor connect(InetSocketAddress host, Duration wait) throws IOException {
    InetAddress inet = host.getAddress();
    byte[] bytes = inet.getAddress();
    return Calls.call((arena, state) -> {
      boolean six = inet instanceof Inet6Address;
      MemorySegment address = arena.allocate(six ? 28 : 16, JAVA_LONG.byteAlignment());
      address.set(JAVA_SHORT, 0, (short) (six ? AF_INET6 : AF_INET));
      address.set(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2, (short) host.getPort());
      MemorySegment.copy(bytes, 0, address, JAVA_BYTE, six ? 8 : 4, bytes.length);
      if (inet instanceof Inet6Address scoped) {
        address.set(JAVA_INT, 24, scoped.getScopeId());
      }
      return connect(state, six ? AF_INET6 : AF_INET, address, (int) address.byteSize(), wait);
    });
  }

  private static StreamDescriptor connect(
      MemorySegment state, int family, MemorySegment address, int size, Duration wait)
      throws IOException {
    int descriptor = (int) SOCKET.call(state, family, SOCK_STREAM_CLOEXEC, 0);
    if (descriptor < 0) {
      throw new SocketException(CFunction.reason(state));
    }
    StreamDescriptor connection = new StreamDescriptor(descriptor);
    boolean connected = false;
    try {
      connection.timeout(SO_SNDTIMEO, wait);
      if ((int) CONNECT.call(state, descriptor, address.address(), size) < 0) {
        throw notConnected(CFunction.errno(state), CFunction.reason(state));
      }
      connection.timeout(SO_SNDTIMEO, Duration.ZERO);
      connected = true;
      return connection;
    } finally {
      if (!connected) {
        connection.close();
      }
    }
  }

  private static IOException notConnected(int errno, String reason) {
    return switch (errno) {
      case EINPROGRESS, EAGAIN, ETIMEDOUT -> new SocketTimeoutException("Connect timed out");
      case EHOSTUNREACH -> new NoRouteToHostException(reason);
      case ECONNREFUSED -> new ConnectException(reason);
      default -> new SocketException(reason);
    };
  }

  /** How long a {@link #receive} may wait from now on; zero for as long as it takes. */
  public void receiveTimeout(Duration wait) throws IOException {
    timeout(SO_RCVTIMEO, wait);
  }

  private void timeout(int option, Duration wait) throws IOException {
    use(state -> {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment time = arena.allocate(MemoryLayout.sequenceLayout(2, JAVA_LONG));
        long micros = Math.max(wait.isZero() ? 0 : 1, wait.toNanos() / 1000);
        time.setAtIndex(JAVA_LONG, 0, micros / MICROSECONDS);
        time.setAtIndex(JAVA_LONG, 1, micros % MICROSECONDS);
        set(state, SOL_SOCKET, option, time);
      }
    });
  }

  /** Sets an option whose value is an int, by the C library's numbers. */
  public void option(int level, int name, int value) throws IOException {
    use(state -> {
      try (Arena arena = Arena.ofConfined()) {
        set(state, level, name, arena.allocateFrom(JAVA_INT, value));
      }
    });
  }

  private void set(MemorySegment state, int level, int name, MemorySegment value)
      throws IOException {
    long size = value.byteSize();
    if ((int) SETSOCKOPT.call(state, descriptor, level, name, value.address(), size) < 0) {
      throw new SocketException(CFunction.reason(state));
    }
  }

  /** An option whose value is an int, by the C library's numbers. */
  public int option(int level, int name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(JAVA_INT);
      MemorySegment size = arena.allocateFrom(JAVA_INT, Integer.BYTES);
      use(state -> {
        if ((int) GETSOCKOPT.call(state, descriptor, level, name, value.address(), size.address())
            < 0) {
          throw new SocketException(CFunction.reason(state));
        }
      });
      return value.get(JAVA_INT, 0);
    }
  }

  /**
   * Waits for bytes, and takes what is there.
   *
   * @return the first bytes of it, up to {@link #ROOM}: as many as are limited in what is returned;
   *     they stay until the next call. Empty at the end of the stream.
   * @throws SocketTimeoutException when nothing came in the time that it may wait
   */
  public MemorySegment receive() throws IOException {
    enter();
    try {
      while (true) {
        long count = RECV.call(in.state, descriptor, in.bytes.address(), ROOM, 0);
        if (count >= 0) {
          return in.bytes.asSlice(0, count);
        }
        fail(in.state, "Read timed out");
      }
    } finally {
      leave();
    }
  }

  /** Sends all of the bytes. */
  public void send(byte[] bytes, int offset, int length) throws IOException {
    enter();
    try {
      int end = offset + length;
      for (int from = offset; from < end; ) {
        int part = Math.min(ROOM, end - from);
        MemorySegment.copy(bytes, from, out.bytes, JAVA_BYTE, 0, part);
        from += (int) sendSome(part);
      }
    } finally {
      leave();
    }
  }

  private long sendSome(int part) throws IOException {
    while (true) {
      long count = SEND.call(out.state, descriptor, out.bytes.address(), part, MSG_NOSIGNAL);
      if (count >= 0) {
        return count;
      }
      fail(out.state, "Write timed out");
    }
  }

  /** Throws what a call has failed for, unless it is to be made again. */
  private void fail(MemorySegment state, String timedOut) throws IOException {
    int errno = CFunction.errno(state);
    if (errno == EAGAIN) {
      throw new SocketTimeoutException(timedOut);
    }
    synchronized (this) {
      if (closed) {
        throw new SocketException("Socket closed");
      }
    }
    if (errno != CFunction.EINTR) {
      throw new SocketException(CFunction.reason(state));
    }
  }

  /** Something that is done with the descriptor while it is surely open. */
  private interface Use {
    void with(MemorySegment state) throws IOException;
  }

  private void use(Use use) throws IOException {
    enter();
    try {
      Calls.call((_, state) -> {
        use.with(state);
        return true;
      });
    } finally {
      leave();
    }
  }

  private synchronized void enter() throws SocketException {
    if (closed) {
      throw new SocketException("Socket closed");
    }
    users++;
  }

  private synchronized void leave() {
    if (--users == 0 && closed) {
      release();
    }
  }

  /** Closes it. Who waits in a call is woken, and the last of them gives the descriptor back. */
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (users == 0) {
      release();
    } else {
      Calls.plain(SHUTDOWN, descriptor, SHUT_RDWR);
    }
  }

  private void release() {
    Calls.plain(LibC.CLOSE, descriptor);
  }

  /** Ends one direction, or both, by the C library's number. */
  public void shutdown(int how) throws IOException {
    use(state -> {
      if ((int) SHUTDOWN.call(state, descriptor, how) < 0) {
        throw new SocketException(CFunction.reason(state));
      }
    });
  }
}
