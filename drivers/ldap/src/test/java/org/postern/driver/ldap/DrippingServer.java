package org.postern.driver.ldap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Begins an answer to the first request of a connection, and sends a byte of it now and then. */
final class DrippingServer implements AutoCloseable {
  private static final long BETWEEN_BYTES_MILLIS = 50;

  /** A message of 16 MB: an entry with a name that is almost as long. */
  private static final byte[] BEGINNING = {
    0x30,
    (byte) 0x84,
    1,
    0,
    0,
    0,
    2,
    1,
    1,
    0x64,
    (byte) 0x84,
    0,
    (byte) 0xff,
    0,
    0,
    4,
    (byte) 0x84,
    0,
    (byte) 0xfe,
    0,
    0
  };

  private final ServerSocket socket;
  private final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();

  DrippingServer() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = socket.accept();
        accepted.add(connection);
        Thread.ofVirtual().start(() -> drip(connection));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void drip(Socket connection) {
    try {
      if (connection.getInputStream().read() < 0) {
        return;
      }
      for (int i = 0; ; i++) {
        connection.getOutputStream().write(i < BEGINNING.length ? BEGINNING[i] : 0x61);
        Thread.sleep(BETWEEN_BYTES_MILLIS);
      }
    } catch (IOException | InterruptedException closed) {
      // The client has gone, or the test is over.
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket connection : accepted) {
      connection.close();
    }
  }
}
