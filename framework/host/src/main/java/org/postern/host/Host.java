package org.postern.host;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.host.approval.Service;
import org.postern.host.approval.TableApproval;
import org.postern.host.server.Limits;
import org.postern.host.server.Server;
import org.postern.host.service.BackendWorkers;
import org.postern.host.service.LargeRequests;
import org.postern.host.service.TableService;
import org.postern.host.table.OpenTable;
import org.postern.host.table.OpenTables;
import org.postern.host.table.SourceWatch;
import org.postern.loader.DriverRegistry;
import org.postern.platform.socket.ServiceSocket;
import org.postern.spi.Access;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves tables to Postfix's programs: services, each with sockets, an approval and a cache of open
 * tables, and the threads that serve them.
 */
public final class Host {
  private static final Logger LOG = LoggerFactory.getLogger(Host.class);

  /** So long tables may take to be closed at the end. */
  private static final Duration CLOSING_TIME = Duration.ofSeconds(3);

  private final DriverRegistry drivers;
  private final Server server;
  private final BackendWorkers workers;
  private final LargeRequests large;
  private final ExecutorService openers;
  private final ExecutorService closers;
  private final SourceWatch sourceWatch;
  private final Map<Service, Served> services = new EnumMap<>(Service.class);
  private volatile boolean loopsHaveEnded;

  private Host(
      Configuration configuration,
      DriverRegistry drivers,
      Map<Service, List<ServiceSocket>> sockets)
      throws IOException {
    this.server =
        new Server(Limits.of(configuration), configuration.integer("postern_event_loops"));
    this.large = new LargeRequests(configuration.integer("postern_client_memory_limit") / 2);
    this.drivers = drivers;
    this.workers =
        new BackendWorkers(
            new BackendWorkers.Limits(
                configuration.integer("postern_backend_queue_limit"),
                configuration.time("postern_lookup_timeout"),
                configuration.integer("postern_given_up_limit")));
    this.openers = threads("opener");
    this.closers = threads("closer");
    for (Map.Entry<Service, List<ServiceSocket>> entry : sockets.entrySet()) {
      add(entry.getKey(), entry.getValue(), configuration);
    }
    this.sourceWatch = new SourceWatch(services.values().stream().map(Served::tables).toList());
  }

  private static ExecutorService threads(String name) {
    return Executors.newCachedThreadPool(Thread.ofPlatform().name(name).daemon().factory());
  }

  /**
   * Starts to serve at the sockets that the configuration names.
   *
   * @throws IOException when a socket cannot be made; its message says which and what to do
   * @throws ConfigurationException when a parameter has a value it cannot have
   */
  public static Host start(Configuration configuration, DriverRegistry drivers) throws IOException {
    Map<Service, List<ServiceSocket>> sockets = new EnumMap<>(Service.class);
    for (Service service : Service.values()) {
      Optional<Path> path = socket(configuration, service);
      if (path.isPresent()) {
        sockets.put(service, List.of(ServiceSocket.bind(path.get())));
      }
    }
    return start(configuration, drivers, sockets);
  }

  /**
   * Starts to serve at sockets that are there. A service without any serves those clients that
   * {@link #serve} is given.
   *
   * @throws ConfigurationException when a parameter has a value it cannot have
   */
  public static Host start(
      Configuration configuration,
      DriverRegistry drivers,
      Map<Service, List<ServiceSocket>> sockets)
      throws IOException {
    Host host = new Host(configuration, drivers, sockets);
    host.sourceWatch.start();
    host.server.start(drivers::plugin, host::takeOffTheLoops);
    return host;
  }

  private void takeOffTheLoops(String table) {
    for (Served served : services.values()) {
      served.tables().named(table).forEach(OpenTable::takeOffTheLoops);
    }
  }

  /** Where a service's socket is: relative to queue_directory; empty when the service is off. */
  public static Optional<Path> socket(Configuration configuration, Service service) {
    return configuration
        .path(service == Service.PROXYMAP ? "postern_proxymap_socket" : "postern_proxywrite_socket")
        .map(configuration.queueDirectory()::resolve);
  }

  private void add(Service service, List<ServiceSocket> sockets, Configuration configuration)
      throws IOException {
    OpenTables tables =
        new OpenTables(
            drivers,
            service == Service.PROXYMAP ? Access.READ_ONLY : Access.READ_WRITE,
            configuration,
            openers,
            this::afterUse);
    TableService requests =
        new TableService(
            service,
            rules(configuration, TableApproval.of(configuration, service)),
            tables,
            workers,
            large);
    services.put(service, new Served(service, tables, requests, sockets));
    boolean announce = configuration.bool("postern_announce_protocol");
    for (ServiceSocket socket : sockets) {
      server.serve(socket, requests, announce);
    }
  }

  private static TableService.Rules rules(Configuration configuration, TableApproval approval) {
    approval.warnings().forEach(LOG::warn);
    return new TableService.Rules(
        approval,
        configuration.bool("smtputf8_enable"),
        configuration.time("postern_slow_lookup_time"));
  }

  /** Closing a table may take a while: not on an event loop. */
  private void afterUse(Runnable action) {
    if (loopsHaveEnded) {
      try {
        closers.execute(action);
      } catch (RejectedExecutionException openedTooLate) {
        action.run();
      }
    } else {
      server.afterTurn(() -> closers.execute(action));
    }
  }

  /**
   * Serves a client that is connected already.
   *
   * @param announce whether it is told the protocol's name first, as proxymap(8) of 3.3 and later
   *     does
   */
  public void serve(Service service, SocketChannel client, boolean announce) throws IOException {
    server.serve(client, Objects.requireNonNull(services.get(service)).requests(), announce);
  }

  /** Those that are served, in the order of {@link Service}. */
  public List<Served> services() {
    return List.copyOf(services.values());
  }

  /** Empty when the service is not served. */
  public Optional<Served> service(Service service) {
    return Optional.ofNullable(services.get(service));
  }

  public DriverRegistry drivers() {
    return drivers;
  }

  /** The event loops, and who is served. */
  public Server server() {
    return server;
  }

  /** Who waits for backends. */
  public BackendWorkers workers() {
    return workers;
  }

  /**
   * Goes by another configuration: approvals at once, tables as they are opened again. Sockets,
   * limits and plugins stay as they are.
   *
   * @param retaining whether to go on to approve what was approved
   * @throws ConfigurationException when there is a mistake in it: the old one stays
   */
  public void reconfigure(Configuration changed, boolean retaining) {
    Map<Service, TableService.Rules> rules = new EnumMap<>(Service.class);
    services.forEach((service, served) -> {
      TableApproval before = served.requests().approval();
      TableApproval now =
          retaining ? TableApproval.of(changed, before) : TableApproval.of(changed, service);
      rules.put(service, rules(changed, now));
    });
    services.forEach((service, served) -> {
      TableService.Rules now = Objects.requireNonNull(rules.get(service));
      served.requests().setRules(now);
      served.tables().reconfigure(changed, now.approval()::approves);
    });
  }

  /**
   * Takes no more clients, answers what is in hand, removes the sockets, closes the tables and
   * ends.
   */
  public void drain() throws InterruptedException {
    boolean ended = server.drain();
    sourceWatch.close();
    workers.close();
    openers.shutdown();
    if (ended) {
      // No loop is at a table any more, and none turns. What a worker is still at stays open.
      loopsHaveEnded = true;
      services.values().forEach(served -> served.tables().close());
    }
    closers.shutdown();
    if (!closers.awaitTermination(CLOSING_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.warn("a table is not closed after {} s: Postern ends without", CLOSING_TIME.toSeconds());
    }
  }
}
