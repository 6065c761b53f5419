package org.postern.host.http;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postern.host.status.StatusReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for HTTP, with two threads of its own. */
public final class HttpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
  private static final int THREADS = 2;
  private static final int BACKLOG = 16;

  private final HttpServer server;
  private final ExecutorService threads;
  private final Metrics metrics;

  private HttpListener(HttpServer server, ExecutorService threads, Metrics metrics) {
    this.server = server;
    this.threads = threads;
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
    limitClients();
    InetSocketAddress resolved = new InetSocketAddress(address.getHostString(), address.getPort());
    HttpServer server;
    try {
      if (resolved.isUnresolved()) {
        throw new IOException("no such host");
      }
      server = HttpServer.create(resolved, BACKLOG);
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
    server.createContext("/", new Site(reports, openTables, new Pulse(afterTurn), metrics, hosts));
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("http-", 0).daemon().factory());
    server.setExecutor(threads);
    server.start();
    LOG.info("status page and metrics at http://{}/", shown(address));
    return new HttpListener(server, threads, metrics);
  }

  /** Loads what would be loaded later: before this process leaves its file system. */
  public static void preload() {
    Metrics.preload();
  }

  /** Before the JDK's server is loaded: it looks once. What the operator has set stays. */
  private static void limitClients() {
    System.getProperties().putIfAbsent("sun.net.httpserver.maxReqTime", "10");
    System.getProperties().putIfAbsent("sun.net.httpserver.maxRspTime", "10");
    System.getProperties().putIfAbsent("jdk.httpserver.maxConnections", "64");
  }

  private static String shown(InetSocketAddress address) {
    String host = address.getHostString();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    metrics.close();
  }
}
