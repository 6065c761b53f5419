package org.postern.driver.ldap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Accepts connections, and says nothing. */
final class SilentServer implements AutoCloseable {
  private final ServerSocket socket;
  private final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();

  SilentServer() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        accepted.add(socket.accept());
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  /** How many there have been. */
  int connections() {
    return accepted.size();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket connection : accepted) {
      connection.close();
    }
  }
}
