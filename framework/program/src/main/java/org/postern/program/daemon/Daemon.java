package org.postern.program.daemon;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.host.Host;
import org.postern.host.Served;
import org.postern.host.approval.Service;
import org.postern.host.approval.TableApproval;
import org.postern.host.server.Clients;
import org.postern.host.service.ConfigurationLook;
import org.postern.host.service.Explained;
import org.postern.host.statistics.Reloads;
import org.postern.loader.DriverRegistry;
import org.postern.operations.check.CheckReport;
import org.postern.operations.check.ServiceCheck;
import org.postern.operations.client.TableClient;
import org.postern.operations.http.HttpListener;
import org.postern.operations.status.StatusReport;
import org.postern.operations.status.StatusReporter;
import org.postern.platform.socket.InheritedSockets;
import org.postern.platform.socket.ServiceSocket;

/** A running Postern: a host, and how it is seen and told to read its configuration again. */
public final class Daemon {
  /** What a check may take beyond a lookup: to open the table, and to connect. */
  private static final Duration CHECK_TIME = Duration.ofSeconds(10);

  private final Host host;
  private final Reloads reloads = new Reloads();
  private final StatusReporter reporter;
  private final Duration lookupTimeout;
  private final @Nullable HttpListener http;

  private Daemon(Configuration configuration, Host host) {
    this.host = host;
    this.reporter = new StatusReporter(host, reloads);
    this.lookupTimeout = configuration.time("postern_lookup_timeout");
    this.http = configuration.address("postern_http_listen").map(this::listenForHttp).orElse(null);
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
      Optional<Path> path = Host.socket(configuration, service);
      if (path.isPresent()) {
        ServiceSocket activated = ServiceManager.socket(path.get());
        sockets.put(
            service, List.of(activated != null ? activated : ServiceSocket.bind(path.get())));
      }
    }
    listening.run();
    return new Daemon(configuration, Host.start(configuration, drivers.get(), sockets));
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
    return new Daemon(configuration, Host.start(configuration, drivers, Map.of(service, sockets)));
  }

  /**
   * Starts to serve one service for one client alone.
   *
   * @throws ConfigurationException when a parameter has a value it cannot have
   */
  public static Daemon start(
      Configuration configuration, DriverRegistry drivers, Service service, SocketChannel client)
      throws IOException {
    Host host = Host.start(configuration, drivers, Map.of(service, List.of()));
    host.serve(service, client, configuration.bool("postern_announce_protocol"));
    return new Daemon(configuration, host);
  }

  private @Nullable HttpListener listenForHttp(InetSocketAddress address) {
    return HttpListener.start(address, this::status, this::openTables, host.server()::afterTurn);
  }

  /**
   * Begins to open those tables that may be asked for and were not, but for those that may be
   * changed: opening them can make their files. Waits for none.
   */
  private void openTables() {
    host.service(Service.PROXYMAP)
        .ifPresent(served ->
            served.requests().approval().names().stream()
                .filter(name -> served.tables().named(name).isEmpty())
                .forEach(name -> served.tables().get(name, TableClient.DEFAULT_FLAGS)));
  }

  /** The sockets that it listens on. */
  public List<String> sockets() {
    return host.services().stream()
        .flatMap(served -> served.sockets().stream())
        .map(ServiceSocket::toString)
        .toList();
  }

  /** Who is served, and was. */
  public Clients clients() {
    return host.server().clients();
  }

  public boolean hasClients() {
    return clients().present() > 0;
  }

  /** Takes no more clients, and goes on serving those who are there. Waits until that is so. */
  public void stopListening() throws InterruptedException {
    host.server().stopListening();
  }

  /** Has something done when every event loop has ended what it is at now. */
  public void afterTurn(Runnable action) {
    host.server().afterTurn(action);
  }

  /** How it is now. Any thread may ask; nothing is waited for. */
  public StatusReport status() {
    return reporter.report();
  }

  /** Has this look at the configuration's files before a request is denied. */
  void setLook(ConfigurationLook look) {
    host.services().forEach(served -> served.requests().setLook(look));
  }

  /** Which tables may be asked for, by service. */
  List<TableApproval> approvals() {
    return host.services().stream().map(served -> served.requests().approval()).toList();
  }

  /** The names of the tables that a service's clients may ask for, byte strings. */
  Map<Service, Set<String>> approved() {
    Map<Service, Set<String>> approved = new EnumMap<>(Service.class);
    approvals().forEach(approval -> approved.put(approval.service(), approval.names()));
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
    Optional<Served> served = host.service(service);
    return served.isEmpty()
        ? Optional.empty()
        : Optional.of(served.get().requests().explainer(lookupTimeout).explain(table, key, flags));
  }

  /**
   * Has each approved table look whether it would answer. Waits for that.
   *
   * @param by who looks
   */
  List<CheckReport> check(String by) throws InterruptedException {
    List<CheckReport> reports = new ArrayList<>();
    for (Served served : host.services()) {
      reports.add(
          new ServiceCheck(
                  served.requests().approval(), served.tables(), lookupTimeout.plus(CHECK_TIME))
              .report(by));
    }
    return reports;
  }

  /**
   * Reads the configuration again and goes by it, as {@link Host#reconfigure} says.
   *
   * @param retaining whether to go on to approve what was approved
   * @throws ConfigurationException when there is a mistake in it: the old one stays
   */
  public void reload(Supplier<Configuration> reading, boolean retaining) {
    try {
      host.reconfigure(reading.get(), retaining);
      reloads.succeeded();
    } catch (ConfigurationException e) {
      reloads.failed(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  /** Takes no more clients, answers what is in hand, removes the sockets and ends. */
  public void drain() throws InterruptedException {
    HttpListener listener = http;
    if (listener != null) {
      listener.close();
    }
    host.drain();
  }
}
