package org.postern.platform.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.StreamDescriptor;

/**
 * A client's socket that reads and writes with one system call each, over TCP or to a UNIX-domain
 * socket: what JDBC and LDAP libraries are given for a {@link Socket}. One of the JDK's makes three
 * calls for a read that may time out, and none of those can be a UNIX-domain socket.
 */
public final class StreamSocket extends Socket {

  private StreamSocket(@Nullable Path path) throws SocketException {
    super(new Implementation(path));
  }

  /** Makes sockets for TCP. */
  public static SocketFactory tcp() {
    return new Factory(null);
  }

  /**
   * Makes sockets that connect to one UNIX-domain socket, whatever host and port they are told.
   *
   * @param path or a name in the abstract namespace, after an {@code @}
   */
  public static SocketFactory unix(Path path) {
    return new Factory(path);
  }

  private static final class Factory extends SocketFactory {
    private final @Nullable Path path;

    Factory(@Nullable Path path) {
      this.path = path;
    }

    @Override
    public Socket createSocket() throws IOException {
      return new StreamSocket(path);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return connected(new InetSocketAddress(host, port), null);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return connected(new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return connected(new InetSocketAddress(host, port), new InetSocketAddress(local, localPort));
    }

    private Socket connected(InetSocketAddress host, @Nullable InetSocketAddress local)
        throws IOException {
      Socket socket = createSocket();
      try {
        if (local != null) {
          socket.bind(local);
        }
        socket.connect(host);
        return socket;
      } catch (IOException e) {
        socket.close();
        throw e;
      }
    }
  }

  /** What {@link Socket} asks for; of options, those that a client needs. */
  private static final class Implementation extends SocketImpl {
    private static final int SOL_SOCKET = 1;
    private static final int IPPROTO_TCP = 6;
    private static final int SHUT_RD = 0;
    private static final int SHUT_WR = 1;

    private final @Nullable Path path;
    private @Nullable StreamDescriptor descriptor;
    private int timeoutMillis;

    /** What was asked for before there was a descriptor to ask for it. */
    private final Map<Integer, Object> early = new LinkedHashMap<>();

    private final Input input = new Input();

    Implementation(@Nullable Path path) {
      this.path = path;
    }

    private StreamDescriptor descriptor() throws SocketException {
      StreamDescriptor connected = descriptor;
      if (connected == null) {
        throw new SocketException("Socket is not connected");
      }
      return connected;
    }

    @Override
    protected void create(boolean stream) throws IOException {
      if (!stream) {
        throw new SocketException("not a stream");
      }
    }

    @Override
    protected void connect(String host, int port) throws IOException {
      connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(InetAddress host, int port) throws IOException {
      connect(new InetSocketAddress(host, port), 0);
    }

    @Override
    protected void connect(SocketAddress to, int timeout) throws IOException {
      InetSocketAddress host = (InetSocketAddress) to;
      Duration wait = Duration.ofMillis(timeout);
      if (path != null) {
        descriptor = StreamDescriptor.connect(path, wait);
      } else if (host.isUnresolved()) {
        throw new UnknownHostException(host.getHostName());
      } else {
        descriptor = StreamDescriptor.connect(host, wait);
      }
      address = host.getAddress();
      port = host.getPort();
      if (timeoutMillis > 0) {
        descriptor().receiveTimeout(Duration.ofMillis(timeoutMillis));
      }
      for (Map.Entry<Integer, Object> option : early.entrySet()) {
        setOption(option.getKey(), option.getValue());
      }
    }

    @Override
    protected void bind(InetAddress host, int port) throws IOException {
      throw new SocketException("the kernel chooses where a client's socket is bound");
    }

    @Override
    protected void listen(int backlog) throws IOException {
      throw new SocketException("a client's socket");
    }

    @Override
    protected void accept(SocketImpl accepted) throws IOException {
      throw new SocketException("a client's socket");
    }

    @Override
    protected InputStream getInputStream() {
      return input;
    }

    @Override
    protected OutputStream getOutputStream() {
      return new Output();
    }

    @Override
    protected int available() {
      return input.available();
    }

    @Override
    protected void close() {
      StreamDescriptor connected = descriptor;
      if (connected != null) {
        connected.close();
      }
    }

    @Override
    protected void shutdownInput() throws IOException {
      descriptor().shutdown(SHUT_RD);
    }

    @Override
    protected void shutdownOutput() throws IOException {
      descriptor().shutdown(SHUT_WR);
    }

    @Override
    protected void sendUrgentData(int data) throws IOException {
      throw new SocketException("no urgent data");
    }

    @Override
    protected Set<SocketOption<?>> supportedOptions() {
      return Set.of(StandardSocketOptions.SO_KEEPALIVE, StandardSocketOptions.TCP_NODELAY);
    }

    @Override
    public void setOption(int option, Object value) throws SocketException {
      try {
        switch (option) {
          case SocketOptions.SO_TIMEOUT -> {
            int millis = (Integer) value;
            StreamDescriptor connected = descriptor;
            if (connected != null && millis != timeoutMillis) {
              connected.receiveTimeout(Duration.ofMillis(millis));
            }
            timeoutMillis = millis;
          }
          case SocketOptions.TCP_NODELAY,
              SocketOptions.SO_KEEPALIVE,
              SocketOptions.SO_RCVBUF,
              SocketOptions.SO_SNDBUF ->
              set(option, value);
          default -> {
            // Nothing that a client of ours would notice: where it lingers, what its packets' type
            // of service is, whether an address may be used again.
          }
        }
      } catch (SocketException e) {
        throw e;
      } catch (IOException e) {
        throw new SocketException(e.getMessage(), e);
      }
    }

    private void set(int option, Object value) throws IOException {
      StreamDescriptor connected = descriptor;
      if (connected == null) {
        early.put(option, value);
      } else if (option != SocketOptions.TCP_NODELAY || path == null) {
        int number = value instanceof Integer size ? size : Boolean.TRUE.equals(value) ? 1 : 0;
        connected.option(level(option), name(option), number);
      }
    }

    private static int level(int option) {
      return option == SocketOptions.TCP_NODELAY ? IPPROTO_TCP : SOL_SOCKET;
    }

    /** The C library's number for one of the JDK's. */
    private static int name(int option) {
      return switch (option) {
        case SocketOptions.TCP_NODELAY -> 1;
        case SocketOptions.SO_SNDBUF -> 7;
        case SocketOptions.SO_RCVBUF -> 8;
        case SocketOptions.SO_KEEPALIVE -> 9;
        default -> throw new IllegalArgumentException("socket option " + option);
      };
    }

    @Override
    public Object getOption(int option) throws SocketException {
      try {
        return switch (option) {
          case SocketOptions.SO_TIMEOUT -> timeoutMillis;
          case SocketOptions.TCP_NODELAY -> path == null && get(option) != 0;
          case SocketOptions.SO_KEEPALIVE -> get(option) != 0;
          case SocketOptions.SO_RCVBUF, SocketOptions.SO_SNDBUF -> get(option);
          default -> throw new SocketException("unknown socket option " + option);
        };
      } catch (SocketException e) {
        throw e;
      } catch (IOException e) {
        throw new SocketException(e.getMessage(), e);
      }
    }

    private int get(int option) throws IOException {
      return descriptor().option(level(option), name(option));
    }

    /** Gives what the last call brought before it makes another one. */
    private final class Input extends InputStream {
      private MemorySegment bytes = MemorySegment.NULL;
      private int next;

      @Override
      public int available() {
        return (int) bytes.byteSize() - next;
      }

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        if (available() == 0) {
          next = 0;
          bytes = MemorySegment.NULL;
          bytes = descriptor().receive();
          if (bytes.byteSize() == 0) {
            return -1;
          }
        }
        int count = Math.min(length, available());
        MemorySegment.copy(bytes, JAVA_BYTE, next, into, offset, count);
        next += count;
        return count;
      }

      @Override
      public void close() {
        Implementation.this.close();
      }
    }

    private final class Output extends OutputStream {
      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        descriptor().send(bytes, offset, length);
      }

      @Override
      public void close() {
        Implementation.this.close();
      }
    }
  }
}
