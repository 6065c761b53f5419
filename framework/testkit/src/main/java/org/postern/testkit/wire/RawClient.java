package org.postern.testkit.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A client of the proxymap protocol that sends and receives bytes as they are, so that a test can
 * say anything to a server. Messages are byte strings with {@code |} for NUL. Used by one thread.
 */
public final class RawClient implements AutoCloseable {
  /** What a server says first. */
  public static final String GREETING = "protocol|proxymap_protocol||";

  private final SocketChannel channel;
  private final ByteBuffer received = ByteBuffer.allocate(1 << 14).limit(0);

  private RawClient(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects and takes the greeting. */
  public static RawClient connect(Path socket) throws IOException {
    RawClient client = silent(socket);
    if (!client.receive().equals(GREETING)) {
      throw new IOException("no greeting");
    }
    return client;
  }

  /** Connects to a server that says nothing first. */
  public static RawClient silent(Path socket) throws IOException {
    return new RawClient(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  /** A lookup in the old dialect. */
  public static String lookup(String table, String key) {
    return "request|lookup|table|" + table + "|flags|64|key|" + key + "||";
  }

  /** Sends a message, or part of one. */
  public void send(String message) throws IOException {
    send(message.replace('|', '\0').getBytes(ISO_8859_1));
  }

  /** Sends bytes as they are. */
  public void send(byte[] message) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(message);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Sends a request and takes its reply. */
  public String ask(String message) throws IOException {
    send(message);
    return receive();
  }

  /** One message, or what came of it before the server closed the connection. */
  public String receive() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    boolean inValue = false;
    int tokenLength = 0;
    while (received.hasRemaining() || receiveMore()) {
      byte next = received.get();
      message.write(next);
      if (next != 0) {
        tokenLength++;
      } else if (!inValue && tokenLength == 0) {
        break;
      } else {
        inValue = !inValue;
        tokenLength = 0;
      }
    }
    return message.toString(ISO_8859_1).replace('\0', '|');
  }

  private boolean receiveMore() throws IOException {
    int count = channel.read(received.clear());
    received.flip();
    return count > 0;
  }

  /** Says that no more requests come. */
  public void endOutput() throws IOException {
    channel.shutdownOutput();
  }

  /** Whether the server has closed the connection: waits for that, or for bytes. */
  public boolean isClosedByServer() throws IOException {
    try {
      return !received.hasRemaining() && !receiveMore();
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
