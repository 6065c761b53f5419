package org.postern.operations.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postern.operations.http.HttpClients.Client;
import org.postern.operations.http.HttpRequest.BadRequestException;
import org.postern.operations.status.StatusReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for HTTP. One thread takes clients; each has a virtual thread, one request, and a time
 * until which it must have asked and read. So nobody who sends half a request, or does not read,
 * delays another client; whoever comes last is heard, and probes wait for no page.
 */
public final class HttpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
  private static final int BACKLOG = 128;

  /** Over it, who has been there longest goes. */
  static final int MOST_CLIENTS = 64;

  /** So many pages are put together and sent at once; they can be large. Probes are not. */
  private static final int MOST_PAGES = 8;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LINGER = Duration.ofSeconds(1);
  private static final int LONGEST_REST = 64 * 1024;

  private static final Map<Integer, String> REASONS =
      Map.of(
          200, "OK",
          400, "Bad Request",
          404, "Not Found",
          405, "Method Not Allowed",
          421, "Misdirected Request",
          431, "Request Header Fields Too Large",
          500, "Internal Server Error",
          503, "Service Unavailable");

  private final ServerSocketChannel socket;
  private final Site site;
  private final Metrics metrics;
  private final HttpClients clients = new HttpClients(MOST_CLIENTS);
  private final Semaphore pages = new Semaphore(MOST_PAGES);

  private HttpListener(ServerSocketChannel socket, Site site, Metrics metrics) {
    this.socket = socket;
    this.site = site;
    this.metrics = metrics;
  }

  /**
   * Begins to listen. Where it cannot, there is a warning in the log.
   *
   * @param address not looked up yet
   * @param reports how Postern is
   * @param openTables has tables opened that nobody has asked for yet; waits for none
   * @param afterTurn does something when every event loop has ended what it is at
   * @return null when it cannot
   */
  public static @Nullable HttpListener start(
      InetSocketAddress address,
      Supplier<StatusReport> reports,
      Runnable openTables,
      Consumer<Runnable> afterTurn) {
    InetSocketAddress resolved = new InetSocketAddress(address.getHostString(), address.getPort());
    ServerSocketChannel socket;
    try {
      if (resolved.isUnresolved()) {
        throw new IOException("no such host");
      }
      socket = listen(resolved);
    } catch (IOException e) {
      LOG.warn(
          "cannot listen for HTTP at {}: {}; no status page and no metrics: set"
              + " postern_http_listen to an address of this machine with a port that is free, and"
              + " start again",
          shown(address),
          e.getMessage());
      return null;
    }
    Metrics metrics = new Metrics(reports);
    HostNames hosts =
        new HostNames(address.getHostString(), resolved.getAddress().isLoopbackAddress());
    Site site = new Site(reports, openTables, new Pulse(afterTurn), metrics, hosts);
    HttpListener listener = new HttpListener(socket, site, metrics);
    Thread.ofPlatform().name("http").daemon().start(listener::takeAll);
    LOG.info("status page and metrics at http://{}/", shown(address));
    return listener;
  }

  private static ServerSocketChannel listen(InetSocketAddress address) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open();
    try {
      return socket.bind(address, BACKLOG);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Loads what would be loaded later: before this process leaves its file system. */
  public static void preload() {
    Metrics.preload();
  }

  private static String shown(InetSocketAddress address) {
    String host = address.getHostString();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  private void takeAll() {
    try {
      while (true) {
        try {
          SocketChannel channel = socket.accept();
          Client client = clients.come(channel);
          Thread.ofVirtual().name("http-client").start(() -> serve(client));
        } catch (ClosedChannelException e) {
          return;
        } catch (IOException e) {
          LOG.warn("the status page cannot take a client: {}", e.getMessage());
          TimeUnit.SECONDS.sleep(1);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Client client) {
    Thread deadline = Thread.ofVirtual().start(() -> closeLater(client, PATIENCE));
    try {
      InputStream in =
          new BufferedInputStream(Channels.newInputStream(client.channel()), HttpRequest.LONGEST);
      try {
        HttpRequest request = HttpRequest.read(in);
        if (request == null) {
          return;
        }
        answer(request, client);
      } catch (BadRequestException e) {
        send(Page.text(e.status(), e.getMessage() + "\n"), true, client);
      }
      deadline.interrupt();
      deadline = Thread.ofVirtual().start(() -> closeLater(client, LINGER));
      leave(client, in);
    } catch (IOException e) {
      LOG.debug("a client of the status page went: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LOG.error("the status page: {}", e.toString(), e);
    } finally {
      deadline.interrupt();
      clients.go(client);
    }
  }

  private void answer(HttpRequest request, Client client) throws IOException, InterruptedException {
    boolean withBody = !request.method().equals("HEAD");
    if (request.isProbe()) {
      client.isProbe();
      send(site.answer(request), withBody, client);
    } else if (pages.tryAcquire(PATIENCE.toSeconds() / 2, TimeUnit.SECONDS)) {
      try {
        send(site.answer(request), withBody, client);
      } finally {
        pages.release();
      }
    } else {
      send(Page.text(503, "too many ask at once: try again\n"), withBody, client);
    }
  }

  private static void send(Page page, boolean withBody, Client client) throws IOException {
    StringBuilder head = new StringBuilder();
    head.append("HTTP/1.1 ")
        .append(page.status())
        .append(' ')
        .append(REASONS.getOrDefault(page.status(), "See Body"))
        .append("\r\n");
    header(
        head,
        "Date",
        DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)));
    header(head, "Connection", "close");
    Site.HEADERS.forEach((name, value) -> header(head, name, value));
    if (page.status() == 405) {
      header(head, "Allow", "GET, HEAD");
    }
    header(head, "Content-Type", page.contentType());
    header(head, "Content-Length", Integer.toString(page.body().length));
    OutputStream out = Channels.newOutputStream(client.channel());
    out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    if (withBody) {
      out.write(page.body());
    }
  }

  private static void header(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  /** Takes what the client still sends, or it would lose the answer. */
  private static void leave(Client client, InputStream in) throws IOException {
    client.channel().shutdownOutput();
    byte[] rest = new byte[1024];
    for (int read = 0; read < LONGEST_REST; ) {
      int count = in.read(rest);
      if (count < 0) {
        return;
      }
      read += count;
    }
  }

  private static void closeLater(Client client, Duration patience) {
    try {
      Thread.sleep(patience);
      client.close();
    } catch (InterruptedException inTime) {
      // Nothing is to be closed.
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("the status page: {}", e.toString());
    }
    clients.close();
    metrics.close();
  }
}
