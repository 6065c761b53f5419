package org.postern.host.daemon;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postern.host.approval.Service;
import org.postern.host.approval.TableApproval;
import org.postern.host.check.CheckReport;
import org.postern.host.check.ServiceCheck;
import org.postern.host.client.TableClient;
import org.postern.host.config.Configuration;
import org.postern.host.config.ConfigurationException;
import org.postern.host.http.HttpListener;
import org.postern.host.server.Clients;
import org.postern.host.server.InheritedSockets;
import org.postern.host.server.Limits;
import org.postern.host.server.Server;
import org.postern.host.server.ServiceSocket;
import org.postern.host.service.BackendWorkers;
import org.postern.host.service.ConfigurationLook;
import org.postern.host.service.LargeRequests;
import org.postern.host.service.TableService;
import org.postern.host.statistics.Reloads;
import org.postern.host.status.Explained;
import org.postern.host.status.StatusReport;
import org.postern.host.table.DriverRegistry;
import org.postern.host.table.OpenTable;
import org.postern.host.table.OpenTables;
import org.postern.host.table.SourceWatch;
import org.postern.spi.Access;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Postern: its services, each with a socket, an approval and a cache of open tables, and
 * the threads that serve them.
 */
public final class Daemon {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

  /** What a check may take beyond a lookup: to open the table, and to connect. */
  private static final Duration CHECK_TIME = Duration.ofSeconds(10);

  private final DriverRegistry drivers;
  private final Server server;
  private final BackendWorkers workers;
  private final LargeRequests large;
  private final ExecutorService openers;
  private final SourceWatch sourceWatch;
  private final Map<Service, Served> services = new EnumMap<>(Service.class);
  private final List<ServiceSocket> sockets = new ArrayList<>();
  private final Reloads reloads = new Reloads();
  private final StatusReporter reporter;
  private @Nullable HttpListener http;
  private final Duration lookupTimeout;

  private record Served(OpenTables tables, TableService service) {}

  private Daemon(
      Configuration configuration,
      DriverRegistry drivers,
      Map<Service, List<ServiceSocket>> sockets)
      throws IOException {
    this.server =
        new Server(Limits.of(configuration), configuration.integer("postern_event_loops"));
    this.large = new LargeRequests(configuration.integer("postern_client_memory_limit") / 2);
    this.drivers = drivers;
    this.lookupTimeout = configuration.time("postern_lookup_timeout");
    this.workers =
        new BackendWorkers(
            new BackendWorkers.Limits(
                configuration.integer("postern_backend_queue_limit"),
                lookupTimeout,
                configuration.integer("postern_given_up_limit")));
    this.reporter = new StatusReporter(drivers, server, workers, reloads);
    this.openers =
        Executors.newCachedThreadPool(Thread.ofPlatform().name("opener").daemon().factory());
    for (Map.Entry<Service, List<ServiceSocket>> entry : sockets.entrySet()) {
      add(entry.getKey(), entry.getValue(), configuration, drivers);
    }
    this.sourceWatch = new SourceWatch(services.values().stream().map(Served::tables).toList());
  }

  /** Something to be done while starting. */
  public interface Step {
    void run() throws IOException;
  }

  /**
   * Starts to serve.
   *
   * @throws IOException when a socket cannot be made; its message says which and what to do
   * @throws ConfigurationException when a parameter has a value it cannot have
   */
  public static Daemon start(Configuration configuration, DriverRegistry drivers)
      throws IOException {
    return start(configuration, () -> drivers, () -> {});
  }

  /**
   * Starts to serve.
   *
   * @param drivers asked after that
   * @param listening what is done when the sockets are there, before the first request
   * @throws IOException as the other one, and what the step has thrown
   * @throws ConfigurationException when a parameter has a value it cannot have
   */
  public static Daemon start(
      Configuration configuration, Supplier<DriverRegistry> drivers, Step listening)
      throws IOException {
    Map<Service, List<ServiceSocket>> sockets = new EnumMap<>(Service.class);
    for (Service service : Service.values()) {
      Optional<Path> path = socket(configuration, service);
      if (path.isPresent()) {
        ServiceSocket activated = ServiceManager.socket(path.get());
        sockets.put(
            service, List.of(activated != null ? activated : ServiceSocket.bind(path.get())));
      }
    }
    listening.run();
    return start(configuration, drivers.get(), sockets);
  }

  /**
   * Starts to serve one service, at sockets that were handed down.
   *
   * @param descriptors of the sockets
   * @throws IOException when a descriptor is not a socket
   * @throws ConfigurationException when a parameter has a value it cannot have
   */
  public static Daemon start(
      Configuration configuration,
      DriverRegistry drivers,
      Service service,
      List<Integer> descriptors)
      throws IOException {
    List<ServiceSocket> sockets = new ArrayList<>();
    for (int descriptor : descriptors) {
      sockets.add(
          ServiceSocket.inherited(service.serviceName(), InheritedSockets.listening(descriptor)));
    }
    return start(configuration, drivers, Map.of(service, sockets));
  }

  /**
   * Starts to serve one service for one client alone.
   *
   * @throws ConfigurationException when a parameter has a value it cannot have
   */
  public static Daemon start(
      Configuration configuration, DriverRegistry drivers, Service service, SocketChannel client)
      throws IOException {
    Daemon daemon = start(configuration, drivers, Map.of(service, List.of()));
    daemon.server.serve(
        client,
        Objects.requireNonNull(daemon.services.get(service)).service(),
        configuration.bool("postern_announce_protocol"));
    return daemon;
  }

  private static Daemon start(
      Configuration configuration,
      DriverRegistry drivers,
      Map<Service, List<ServiceSocket>> sockets)
      throws IOException {
    Daemon daemon = new Daemon(configuration, drivers, sockets);
    daemon.sourceWatch.start();
    daemon.server.start(daemon.drivers::plugin, daemon::takeOffTheLoops);
    daemon.http =
        configuration.address("postern_http_listen").map(daemon::listenForHttp).orElse(null);
    return daemon;
  }

  private void takeOffTheLoops(String table) {
    for (Served served : services.values()) {
      served.tables().named(table).forEach(OpenTable::takeOffTheLoops);
    }
  }

  private @Nullable HttpListener listenForHttp(InetSocketAddress address) {
    return HttpListener.start(address, this::status, this::openTables, this::afterTurn);
  }

  /**
   * Begins to open those tables that may be asked for and were not, but for those that may be
   * changed: opening them can make their files. Waits for none.
   */
  private void openTables() {
    services.forEach((service, served) -> {
      if (service == Service.PROXYMAP) {
        served.service().approval().names().stream()
            .filter(name -> served.tables().named(name).isEmpty())
            .forEach(name -> served.tables().get(name, TableClient.DEFAULT_FLAGS));
      }
    });
  }

  /** Where a service's socket is: relative to queue_directory; empty when the service is off. */
  public static Optional<Path> socket(Configuration configuration, Service service) {
    return configuration
        .path(service == Service.PROXYMAP ? "postern_proxymap_socket" : "postern_proxywrite_socket")
        .map(configuration.queueDirectory()::resolve);
  }

  private void add(
      Service service,
      List<ServiceSocket> listening,
      Configuration configuration,
      DriverRegistry drivers)
      throws IOException {
    sockets.addAll(listening);
    OpenTables tables =
        new OpenTables(
            drivers,
            service == Service.PROXYMAP ? Access.READ_ONLY : Access.READ_WRITE,
            configuration,
            openers,
            this::afterUse);
    TableService tableService =
        new TableService(
            service,
            rules(configuration, TableApproval.of(configuration, service)),
            tables,
            workers,
            large);
    services.put(service, new Served(tables, tableService));
    reporter.add(
        new StatusReporter.Served(
            service,
            tables,
            tableService,
            listening.stream().map(ServiceSocket::toString).toList()));
    boolean announce = configuration.bool("postern_announce_protocol");
    for (ServiceSocket socket : listening) {
      server.serve(socket, tableService, announce);
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
    server.afterTurn(() -> openers.execute(action));
  }

  /** The sockets that it listens on. */
  public List<String> sockets() {
    return sockets.stream().map(ServiceSocket::toString).toList();
  }

  /** Who is served, and was. */
  public Clients clients() {
    return server.clients();
  }

  public boolean hasClients() {
    return clients().present() > 0;
  }

  /** Takes no more clients, and goes on serving those who are there. */
  public void stopListening() {
    server.stopListening();
  }

  /** Has something done when every event loop has ended what it is at now. */
  public void afterTurn(Runnable action) {
    server.afterTurn(action);
  }

  /** How it is now. Any thread may ask; nothing is waited for. */
  public StatusReport status() {
    return reporter.report();
  }

  /** Has this look at the configuration's files before a request is denied. */
  void setLook(ConfigurationLook look) {
    services.values().forEach(served -> served.service().setLook(look));
  }

  /** Which tables may be asked for, by service. */
  List<TableApproval> approvals() {
    return services.values().stream().map(served -> served.service().approval()).toList();
  }

  /** The names of the tables that a service's clients may ask for, byte strings. */
  Map<Service, Set<String>> approved() {
    Map<Service, Set<String>> approved = new EnumMap<>(Service.class);
    services.forEach(
        (service, served) -> approved.put(service, served.service().approval().names()));
    return approved;
  }

  /**
   * Looks a key up and tells how. Waits as long as a lookup may take.
   *
   * @param table {@code type:name}, a byte string
   * @param flags as a client opens the table with
   * @return empty when the service is not served
   */
  public Optional<Explained> explain(Service service, String table, byte[] key, int flags)
      throws InterruptedException {
    Served served = services.get(service);
    return served == null
        ? Optional.empty()
        : Optional.of(served.service().explainer(lookupTimeout).explain(table, key, flags));
  }

  /**
   * Has each approved table look whether it would answer. Waits for that.
   *
   * @param by who looks
   */
  List<CheckReport> check(String by) throws InterruptedException {
    List<CheckReport> reports = new ArrayList<>();
    for (Served served : services.values()) {
      reports.add(
          new ServiceCheck(
                  served.service().approval(), served.tables(), lookupTimeout.plus(CHECK_TIME))
              .report(by));
    }
    return reports;
  }

  /**
   * Reads the configuration again and goes by it, as {@link #reconfigure} says.
   *
   * @param retaining whether to go on to approve what was approved
   * @throws ConfigurationException when there is a mistake in it: the old one stays
   */
  public void reload(Supplier<Configuration> reading, boolean retaining) {
    try {
      reconfigure(reading.get(), retaining);
      reloads.succeeded();
    } catch (ConfigurationException e) {
      reloads.failed(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  /**
   * Goes by another configuration: approvals at once, tables as they are opened again. Sockets,
   * limits and plugins stay as they are until the next start.
   */
  void reconfigure(Configuration changed, boolean retaining) {
    Map<Service, TableService.Rules> rules = new EnumMap<>(Service.class);
    services.forEach((service, served) -> {
      TableApproval before = served.service().approval();
      TableApproval now =
          retaining ? TableApproval.of(changed, before) : TableApproval.of(changed, service);
      rules.put(service, rules(changed, now));
    });
    services.forEach((service, served) -> {
      TableService.Rules now = Objects.requireNonNull(rules.get(service));
      served.service().setRules(now);
      served.tables().reconfigure(changed, now.approval()::approves);
    });
  }

  /** Takes no more clients, answers what is in hand, removes the sockets and ends. */
  public void drain() throws InterruptedException {
    HttpListener listener = http;
    if (listener != null) {
      listener.close();
    }
    server.drain();
    sourceWatch.close();
    workers.close();
    openers.shutdown();
  }
}
