package org.postern.operations.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Who is connected to the status page. When there are too many, the one who has been there longest
 * goes, of the address from which there are most: somebody who connects, and never asks or never
 * reads, does not keep others out. Any thread may call.
 */
final class HttpClients {
  private final int limit;
  private final List<Client> present = new ArrayList<>();

  /** One of them. */
  static final class Client {
    private final SocketChannel channel;
    private final String address;
    private volatile boolean isProbe;

    private Client(SocketChannel channel, String address) {
      this.channel = channel;
      this.address = address;
    }

    SocketChannel channel() {
      return channel;
    }

    /** It asks whether Postern is well, and is being answered: it stays, if others can go. */
    void isProbe() {
      isProbe = true;
    }

    void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // It is closed for us.
      }
    }
  }

  HttpClients(int limit) {
    this.limit = limit;
  }

  /** Takes one more. */
  Client come(SocketChannel channel) throws IOException {
    String address =
        channel.getRemoteAddress() instanceof InetSocketAddress internet
            ? internet.getAddress().getHostAddress()
            : "";
    Client client = new Client(channel, address);
    Client tooMany = null;
    synchronized (this) {
      if (present.size() >= limit) {
        tooMany = superfluous();
        present.remove(tooMany);
      }
      present.add(client);
    }
    if (tooMany != null) {
      tooMany.close();
    }
    return client;
  }

  /** In the order in which they came, the first is the one who has been there longest. */
  private Client superfluous() {
    List<Client> candidates = present.stream().filter(client -> !client.isProbe).toList();
    if (candidates.isEmpty()) {
      candidates = present;
    }
    Map<String, Long> counts =
        candidates.stream()
            .collect(Collectors.groupingBy(client -> client.address, Collectors.counting()));
    return candidates.stream()
        .min(Comparator.comparingLong(client -> -counts.getOrDefault(client.address, 0L)))
        .orElseThrow();
  }

  /** One is done with. */
  void go(Client client) {
    synchronized (this) {
      present.remove(client);
    }
    client.close();
  }

  /** Sends all away. */
  void close() {
    List<Client> all;
    synchronized (this) {
      all = List.copyOf(present);
      present.clear();
    }
    all.forEach(Client::close);
  }
}
