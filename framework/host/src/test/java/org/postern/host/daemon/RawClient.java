package org.postern.host.daemon;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.postern.host.text.ByteStrings;

/** A client that sends and receives bytes as they are, NUL written as {@code |}. */
final class RawClient implements AutoCloseable {
  static final String GREETING = "protocol|proxymap_protocol||";

  private final SocketChannel channel;

  private RawClient(SocketChannel channel) {
    this.channel = channel;
  }

  /** Connects and takes the greeting. */
  static RawClient connect(Path socket) throws IOException {
    RawClient client = silent(socket);
    if (!client.receive().equals(GREETING)) {
      throw new IOException("no greeting");
    }
    return client;
  }

  /** Connects to a server that says nothing first. */
  static RawClient silent(Path socket) throws IOException {
    return new RawClient(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  static String lookup(String table, String key) {
    return "request|lookup|table|" + table + "|flags|64|key|" + key + "||";
  }

  void send(String message) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(ByteStrings.bytes(message.replace('|', '\0')));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  String ask(String message) throws IOException {
    send(message);
    return receive();
  }

  /** One message, or what came of it before the server closed the connection. */
  String receive() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    ByteBuffer one = ByteBuffer.allocate(1);
    boolean inValue = false;
    int tokenLength = 0;
    while (channel.read(one.clear()) > 0) {
      byte next = one.get(0);
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
    return ByteStrings.of(message.toByteArray()).replace('\0', '|');
  }

  void endOutput() throws IOException {
    channel.shutdownOutput();
  }

  /** Whether the server has closed the connection: waits for that, or for bytes. */
  boolean isClosedByServer() throws IOException {
    try {
      return channel.read(ByteBuffer.allocate(1)) < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
