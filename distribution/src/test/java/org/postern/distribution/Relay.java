package org.postern.distribution;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Stands between a client and a server on this machine, and cuts their connections. */
final class Relay implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final List<Socket> open = new ArrayList<>();

  /**
   * @param target the server's port
   */
  Relay(int target) throws IOException {
    this.target = target;
    this.listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        synchronized (open) {
          open.add(client);
          open.add(server);
        }
        Thread.ofVirtual().start(() -> pass(client, server));
        Thread.ofVirtual().start(() -> pass(server, client));
      }
    } catch (IOException e) {
      // Closed, or the server is not there: who asks sees it.
    }
  }

  private static void pass(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One of them was cut.
    }
  }

  /**
   * Cuts what is open.
   *
   * @return how many connections that were
   */
  int cut() throws IOException {
    synchronized (open) {
      int cut = (int) open.stream().filter(socket -> !socket.isClosed()).count();
      for (Socket socket : open) {
        socket.close();
      }
      open.clear();
      return cut;
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }
}
