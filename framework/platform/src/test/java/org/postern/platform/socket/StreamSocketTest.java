package org.postern.platform.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.SocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class StreamSocketTest {
  private static final int LARGE = 3_000_000;

  @TempDir Path directory;

  enum Kind {
    UNIX,
    IPV4,
    IPV6
  }

  /** A server, and a client's socket that is connected to it. */
  private record Pair(ServerSocketChannel listening, Socket client, SocketChannel server)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      client.close();
      server.close();
      listening.close();
    }

    void say(String text) throws IOException {
      server.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private ServerSocketChannel listen(Kind kind) throws IOException {
    if (kind == Kind.UNIX) {
      return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
          .bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
    }
    return ServerSocketChannel.open()
        .bind(
            new InetSocketAddress(
                InetAddress.getByName(kind == Kind.IPV4 ? "127.0.0.1" : "::1"), 0));
  }

  private SocketFactory sockets(Kind kind) {
    return kind == Kind.UNIX ? StreamSocket.unix(directory.resolve("socket")) : StreamSocket.tcp();
  }

  private static SocketAddress address(ServerSocketChannel listening) throws IOException {
    return listening.getLocalAddress() instanceof InetSocketAddress tcp
        ? tcp
        : new InetSocketAddress("localhost", 1);
  }

  private Pair connect(Kind kind) throws IOException {
    ServerSocketChannel listening = listen(kind);
    Socket client = sockets(kind).createSocket();
    client.setTcpNoDelay(true);
    client.setSoTimeout(30_000);
    client.connect(address(listening), 10_000);
    return new Pair(listening, client, listening.accept());
  }

  @ParameterizedTest
  @EnumSource
  void bytesGoBothWays(Kind kind) throws Exception {
    try (Pair pair = connect(kind)) {
      byte[] large = new byte[LARGE];
      new Random(1).nextBytes(large);
      CompletableFuture<byte[]> echoed =
          CompletableFuture.supplyAsync(() -> {
            try {
              ByteBuffer received = ByteBuffer.allocate(LARGE);
              while (received.hasRemaining() && pair.server.read(received) >= 0) {}
              pair.server.write(received.flip());
              pair.server.shutdownOutput();
              return received.array();
            } catch (IOException e) {
              throw new CompletionException(e);
            }
          });
      pair.client.getOutputStream().write(large, 0, 10);
      pair.client.getOutputStream().write(large, 10, LARGE - 10);
      assertThat(pair.client.getInputStream().readAllBytes()).isEqualTo(large);
      assertThat(echoed.get()).isEqualTo(large);
      assertThat(pair.client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatOneCallBringsIsGivenInAsManyReadsAsAreAskedFor(Kind kind) throws Exception {
    try (Pair pair = connect(kind)) {
      InputStream in = pair.client.getInputStream();
      pair.say("?bcdef");
      assertThat(in.available()).isZero();
      assertThat(in.read()).isEqualTo('?');
      assertThat(in.available()).isEqualTo(5);
      assertThat(in.readNBytes(3)).isEqualTo("bcd".getBytes(StandardCharsets.US_ASCII));
      assertThat(in.read(new byte[100])).isEqualTo(2);
      assertThat(in.available()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatIsSilentIsNotWaitedForLongerThanAsked(Kind kind) throws Exception {
    try (Pair pair = connect(kind)) {
      InputStream in = pair.client.getInputStream();
      pair.client.setSoTimeout(50);
      assertThatThrownBy(in::read)
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("Read timed out");
      pair.client.setSoTimeout(30_000);
      pair.say("late");
      assertThat(in.readNBytes(4)).isEqualTo("late".getBytes(StandardCharsets.US_ASCII));
      assertThat(pair.client.getSoTimeout()).isEqualTo(30_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void closingWakesTheOneThatReads(Kind kind) throws Exception {
    try (Pair pair = connect(kind)) {
      InputStream in = pair.client.getInputStream();
      Thread main = Thread.currentThread();
      Thread closing =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  // A thread in a call of the C library is RUNNABLE for Java: wait until it must be
                  // there.
                  while (!in(main, "receive")) {
                    Thread.onSpinWait();
                  }
                  pair.client.close();
                } catch (IOException e) {
                  throw new CompletionException(e);
                }
              });
      assertThatThrownBy(
              () -> {
                while (in.read() >= 0) {}
                throw new SocketException("the end");
              })
          .isInstanceOf(SocketException.class);
      closing.join();
      assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> pair.client.getOutputStream().write(1))
          .isInstanceOf(SocketException.class);
    }
  }

  private static boolean in(Thread thread, String method) {
    for (StackTraceElement place : thread.getStackTrace()) {
      if (place.getMethodName().equals(method)) {
        return true;
      }
    }
    return false;
  }

  @ParameterizedTest
  @EnumSource
  void whereNobodyListensTheReasonIsGiven(Kind kind) throws Exception {
    SocketAddress gone;
    try (ServerSocketChannel listening = listen(kind)) {
      gone = address(listening);
    }
    try (Socket socket = sockets(kind).createSocket()) {
      assertThatThrownBy(() -> socket.connect(gone, 10_000))
          .isInstanceOf(ConnectException.class)
          .hasMessage("Connection refused");
    }
  }

  @Test
  void whatCannotBeConnectedToIsNamed() throws Exception {
    try (Socket none = StreamSocket.unix(directory.resolve("none")).createSocket();
        Socket longer = StreamSocket.unix(Path.of("/" + "x".repeat(200))).createSocket();
        Socket unknown = StreamSocket.tcp().createSocket()) {
      InetSocketAddress any = new InetSocketAddress("localhost", 1);
      assertThatThrownBy(() -> none.connect(any)).hasMessage("No such file or directory");
      assertThatThrownBy(() -> longer.connect(any)).hasMessage("File name too long");
      assertThatThrownBy(() -> unknown.connect(InetSocketAddress.createUnresolved("no.invalid", 1)))
          .isInstanceOf(UnknownHostException.class);
    }
  }

  @Test
  void aServerThatTakesNoMoreConnectionsIsNotWaitedForForever() throws Exception {
    try (ServerSocketChannel full =
            ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(directory.resolve("full")), 1);
        Socket first = StreamSocket.unix(directory.resolve("full")).createSocket();
        Socket second = StreamSocket.unix(directory.resolve("full")).createSocket();
        Socket third = StreamSocket.unix(directory.resolve("full")).createSocket()) {
      InetSocketAddress any = new InetSocketAddress("localhost", 1);
      first.connect(any, 100);
      second.connect(any, 100);
      assertThatThrownBy(() -> third.connect(any, 100)).isInstanceOf(SocketTimeoutException.class);
      assertThat(full.isOpen()).isTrue();
    }
  }

  @Test
  void optionsHoldThoughTheyAreSetBeforeItIsConnected() throws Exception {
    try (ServerSocketChannel listening = listen(Kind.IPV4);
        Socket client = StreamSocket.tcp().createSocket()) {
      client.setTcpNoDelay(true);
      client.setKeepAlive(true);
      client.connect(address(listening));
      assertThat(client.getTcpNoDelay()).isTrue();
      assertThat(client.getKeepAlive()).isTrue();
      client.setKeepAlive(false);
      assertThat(client.getKeepAlive()).isFalse();
    }
  }
}
