package org.postern.driver.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/** Stands before a MySQL server, and changes what that sends. */
final class MysqlRelay implements AutoCloseable {
  private static final int HEADER = 4;

  /** Sends what the server has sent, or something else. */
  interface Answers {
    void send(byte[] read, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final int port;
  private final UnaryOperator<byte[]> greeting;
  private final Answers answers;

  /**
   * Begins to relay.
   *
   * @param port the server's
   * @param greeting makes another one of the server's first packet, of the same length
   * @param answers sends what comes later, as it comes
   */
  MysqlRelay(int port, UnaryOperator<byte[]> greeting, Answers answers) throws IOException {
    this.port = port;
    this.greeting = greeting;
    this.answers = answers;
    Thread.ofPlatform().daemon().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(client);
        sockets.add(server);
        Thread.ofPlatform().daemon().start(() -> copy(server, client, true));
        Thread.ofPlatform().daemon().start(() -> copy(client, server, false));
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private void copy(Socket from, Socket to, boolean isServer) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      if (isServer) {
        byte[] header = in.readNBytes(HEADER);
        byte[] packet = Arrays.copyOf(header, HEADER + (header[0] & 0xff));
        int _ = in.readNBytes(packet, HEADER, packet.length - HEADER);
        out.write(greeting.apply(packet));
      }
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        byte[] read = Arrays.copyOf(buffer, count);
        if (isServer) {
          answers.send(read, out);
        } else {
          out.write(read);
        }
      }
    } catch (IOException | InterruptedException e) {
      // One of them has gone.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
