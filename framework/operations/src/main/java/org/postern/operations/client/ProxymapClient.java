package org.postern.operations.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postern.host.protocol.Dialect;
import org.postern.host.protocol.Status;
import org.postern.platform.text.ByteStrings;

/**
 * A connection to a proxymap server, which asks one request at a time and waits for its reply. All
 * text is byte strings. Used by one thread.
 *
 * <p>It speaks the old dialect, which every Postfix before 3.11 and Postern understand, until
 * {@link #open} has found out that the server speaks the new one.
 */
public final class ProxymapClient implements AutoCloseable {
  private static final String ANNOUNCEMENT = "proxymap_protocol";

  /**
   * A server that announces itself does so at once, unless master(8) must start it first. One
   * before Postfix 3.6 says nothing.
   */
  private static final Duration ANNOUNCEMENT_TIME = Duration.ofMillis(500);

  private final Path socket;
  private final Duration timeout;
  private final SocketChannel channel;
  private final Selector selector;
  private final ByteBuffer received = ByteBuffer.allocate(16 * 1024).flip();
  private Dialect dialect = Dialect.OLD;
  private boolean mayBeAnnounced = true;

  private ProxymapClient(Path socket, Duration timeout) throws IOException {
    this.socket = socket;
    this.timeout = timeout;
    try {
      this.channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      throw new IOException("cannot connect to " + socket + ": " + e.getMessage(), e);
    }
    channel.configureBlocking(false);
    this.selector = Selector.open();
    channel.register(selector, SelectionKey.OP_READ);
  }

  /**
   * Connects.
   *
   * @param timeout how long to wait for each reply
   * @throws IOException when nobody listens there, or something that is no proxymap server
   */
  public static ProxymapClient connect(Path socket, Duration timeout) throws IOException {
    ProxymapClient client = new ProxymapClient(socket, timeout);
    try {
      client.readAnnouncement();
      return client;
    } catch (IOException | RuntimeException e) {
      client.close();
      throw e;
    }
  }

  private void readAnnouncement() throws IOException {
    if (!await(ANNOUNCEMENT_TIME)) {
      return;
    }
    checkAnnouncement(read());
  }

  private void checkAnnouncement(Map<String, String> announcement) throws IOException {
    mayBeAnnounced = false;
    String protocol = announcement.getOrDefault("protocol", "");
    if (!protocol.equals(ANNOUNCEMENT)) {
      throw new IOException(
          socket
              + ": not a proxymap server: it announces \""
              + ByteStrings.printable(protocol)
              + "\"");
    }
  }

  /** The dialect that requests are sent in. */
  public Dialect dialect() {
    return dialect;
  }

  /**
   * Opens a table, and finds out which dialect the server speaks: a server of one dialect refuses
   * the other's form as a bad request.
   */
  public Answer open(String table, int flags) throws IOException {
    Answer answer = ask("open", table, flags, flags, Map.of());
    if (answer.status() == Status.BAD && dialect == Dialect.OLD) {
      dialect = Dialect.NEW;
      Answer again = ask("open", table, flags, flags, Map.of());
      if (again.status() != Status.BAD) {
        return again;
      }
      dialect = Dialect.OLD;
    }
    return answer;
  }

  public Answer lookup(String table, int instanceFlags, int flags, String key) throws IOException {
    return ask("lookup", table, instanceFlags, flags, Map.of("key", key));
  }

  /**
   * A step of a walk through the table.
   *
   * @param first true for the first entry, false for the next one
   */
  public Answer sequence(String table, int instanceFlags, int flags, boolean first)
      throws IOException {
    return ask("sequence", table, instanceFlags, flags, Map.of("function", first ? "0" : "1"));
  }

  public Answer update(String table, int instanceFlags, int flags, String key, String value)
      throws IOException {
    Map<String, String> pair = new LinkedHashMap<>();
    pair.put("key", key);
    pair.put("value", value);
    return ask("update", table, instanceFlags, flags, pair);
  }

  public Answer delete(String table, int instanceFlags, int flags, String key) throws IOException {
    return ask("delete", table, instanceFlags, flags, Map.of("key", key));
  }

  private Answer ask(
      String request, String table, int instanceFlags, int flags, Map<String, String> more)
      throws IOException {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("request", request);
    attributes.put("table", table);
    if (dialect == Dialect.NEW) {
      attributes.put("instance_flags", Integer.toUnsignedString(instanceFlags));
    }
    if (dialect == Dialect.OLD || !request.equals("open")) {
      attributes.put("flags", Integer.toUnsignedString(flags));
    }
    attributes.putAll(more);
    send(attributes);
    Map<String, String> reply = read();
    if (mayBeAnnounced && reply.containsKey("protocol")) {
      checkAnnouncement(reply);
      reply = read();
    }
    mayBeAnnounced = false;
    String status = reply.getOrDefault("status", "");
    for (Status known : Status.values()) {
      if (status.equals(String.valueOf(known.number()))) {
        return new Answer(known, reply);
      }
    }
    throw new IOException(
        socket + ": not a reply: status \"" + ByteStrings.printable(status) + "\"");
  }

  private void send(Map<String, String> attributes) throws IOException {
    StringBuilder message = new StringBuilder();
    attributes.forEach(
        (name, value) -> message.append(name).append('\0').append(value).append('\0'));
    ByteBuffer bytes = ByteBuffer.wrap(ByteStrings.bytes(message.append('\0').toString()));
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        channel.keyFor(selector).interestOps(SelectionKey.OP_WRITE);
        boolean ready = await(timeout);
        channel.keyFor(selector).interestOps(SelectionKey.OP_READ);
        if (!ready) {
          throw new IOException(socket + ": the server does not read its requests");
        }
      }
    }
  }

  private Map<String, String> read() throws IOException {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String name = readString(); !name.isEmpty(); name = readString()) {
      attributes.put(name, readString());
    }
    return attributes;
  }

  private String readString() throws IOException {
    ByteArrayOutputStream string = new ByteArrayOutputStream();
    while (true) {
      while (received.hasRemaining()) {
        byte next = received.get();
        if (next == 0) {
          return ByteStrings.of(string.toByteArray());
        }
        string.write(next);
      }
      fill();
    }
  }

  private void fill() throws IOException {
    received.clear();
    int count = channel.read(received);
    if (count == 0) {
      if (!await(timeout)) {
        throw new IOException(socket + ": no reply within " + timeout.toSeconds() + " s");
      }
      count = channel.read(received);
    }
    if (count < 0) {
      throw new EOFException(socket + ": the server has closed the connection");
    }
    received.flip();
  }

  private boolean await(Duration time) throws IOException {
    int ready = selector.select(time.toMillis());
    selector.selectedKeys().clear();
    return ready > 0;
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
