package org.postern.operations.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.host.Host;
import org.postern.host.Served;
import org.postern.host.protocol.RequestKind;
import org.postern.host.service.BackendWorkers;
import org.postern.host.statistics.Denials.Denial;
import org.postern.host.statistics.Durations;
import org.postern.host.statistics.Reloads;
import org.postern.host.statistics.TableStatistics.Failure;
import org.postern.host.statistics.Traffic;
import org.postern.host.table.OpenTable;
import org.postern.host.table.TableInstance;
import org.postern.host.table.TableState;
import org.postern.platform.socket.ServiceSocket;
import org.postern.platform.text.ByteStrings;
import org.postern.spi.BackendServer;
import org.postern.spi.ServerState;

/** Puts together how the daemon is. Any thread may ask; nothing is waited for. */
public final class StatusReporter {
  /** A lookup that failed counts as trouble for so long, unless a later one is answered. */
  private static final Duration RECENT = Duration.ofMinutes(1);

  private final Instant started = Instant.now();
  private final Host host;
  private final Reloads reloads;

  public StatusReporter(Host host, Reloads reloads) {
    this.host = host;
    this.reloads = reloads;
  }

  /** How it is now. */
  public StatusReport report() {
    String version = StatusReporter.class.getPackage().getImplementationVersion();
    List<TableStatus> tables = new ArrayList<>();
    Map<BackendServer, String> servers = new LinkedHashMap<>();
    for (Served served : host.services()) {
      tables.addAll(tables(served, servers));
    }
    return new StatusReport(
        version == null ? "(not packaged)" : version,
        started,
        Instant.now(),
        ProcessHandle.current().pid(),
        Durations.BOUNDS,
        host.services().stream().map(StatusReporter::status).toList(),
        tables,
        host.services().stream()
            .flatMap(StatusReporter::denials)
            .sorted(Comparator.comparing(DenialStatus::last).reversed())
            .toList(),
        host.workers().crews().stream().map(StatusReporter::status).toList(),
        servers(servers),
        clients(),
        status(reloads.counts()));
  }

  private static ServiceStatus status(Served served) {
    return new ServiceStatus(
        served.service().serviceName(),
        served.service().access(),
        served.sockets().stream().map(ServiceSocket::toString).toList(),
        served.requests().statistics().malformedCount());
  }

  private List<TableStatus> tables(Served served, Map<BackendServer, String> servers) {
    Set<String> names = new LinkedHashSet<>(served.requests().approval().names());
    served.tables().all().forEach(open -> names.add(open.typeAndName()));
    return names.stream().map(name -> table(served, name, servers)).toList();
  }

  private TableStatus table(Served served, String name, Map<BackendServer, String> servers) {
    String type = name.substring(0, Math.max(0, name.indexOf(':')));
    List<OpenTable> instances = served.tables().named(name);
    TableStatus.State state = TableStatus.State.NOT_ASKED;
    Optional<String> trouble = Optional.empty();
    Optional<Instant> opened = Optional.empty();
    Optional<String> backend = Optional.empty();
    Optional<String> servedFrom = instances.stream().findFirst().flatMap(OpenTable::servedFrom);
    String servingType = instances.stream().findFirst().map(OpenTable::servingType).orElse(type);
    Optional<Failure> failure = instances.stream().findFirst().flatMap(StatusReporter::failure);
    for (OpenTable open : instances) {
      opened = open.opened();
      switch (open.state()) {
        case TableState.Opening _ -> state = worse(state, TableStatus.State.OPENING);
        case TableState.Unavailable(String reason, boolean _) -> {
          state = worse(state, TableStatus.State.UNAVAILABLE);
          trouble = Optional.of(ByteStrings.printable(reason));
        }
        case TableState.Ready(TableInstance instance) -> {
          state = worse(state, TableStatus.State.OPEN);
          backend = instance.backend().map(waits -> waits.name());
          trouble = trouble.or(() -> trouble(open, instance, failure, servers));
        }
      }
    }
    return new TableStatus(
        served.service().serviceName(),
        ByteStrings.printable(name),
        ByteStrings.printable(type),
        servedFrom.map(ByteStrings::printable),
        host.drivers().plugin(servingType),
        served.requests().approval().approves(name),
        state,
        trouble,
        opened,
        backend,
        instances.stream()
            .limit(1) // all have the same
            .flatMap(open -> open.statistics().requests().stream())
            .map(RequestStatus::of)
            .toList(),
        failure.map(last -> new TableStatus.ErrorStatus(last.at(), last.reason())));
  }

  private static Optional<Failure> failure(OpenTable open) {
    return open.statistics().lastFailure();
  }

  private static TableStatus.State worse(TableStatus.State one, TableStatus.State other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** Why an open table would not answer a lookup. Also notes the servers that it asks. */
  private static Optional<String> trouble(
      OpenTable open,
      TableInstance instance,
      Optional<Failure> last,
      Map<BackendServer, String> servers) {
    List<String> troubles = new ArrayList<>();
    instance
        .unavailableMembers()
        .forEach(member ->
            troubles.add(
                ByteStrings.printable(member.typeAndName())
                    + ": "
                    + ByteStrings.printable(member.why().reason())));
    List<BackendServer> own = instance.servers();
    String backend = instance.backend().map(waits -> waits.name()).orElse("");
    own.forEach(server -> servers.putIfAbsent(server, backend));
    List<ServerState> states = own.stream().map(BackendServer::state).toList();
    if (!states.isEmpty() && states.stream().allMatch(now -> now.trouble().isPresent())) {
      states.stream().flatMap(now -> now.trouble().stream()).distinct().forEach(troubles::add);
    }
    boolean isRecent =
        last.filter(failed -> failed.at().isAfter(Instant.now().minus(RECENT))).isPresent();
    if (troubles.isEmpty() && isRecent) {
      open.trouble().now(RequestKind.LOOKUP).ifPresent(troubles::add);
    }
    return troubles.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", troubles));
  }

  private static Stream<DenialStatus> denials(Served served) {
    return served.requests().statistics().denials().all().stream()
        .map(denial -> status(served.service().serviceName(), denial));
  }

  private static DenialStatus status(String service, Denial denial) {
    return new DenialStatus(
        service, denial.table(), denial.problem(), denial.remedy(), denial.count(), denial.last());
  }

  private static BackendStatus status(BackendWorkers.Crew crew) {
    return new BackendStatus(
        crew.backend(),
        crew.atWork(),
        crew.limit(),
        crew.queued(),
        crew.queueLimit(),
        crew.done(),
        crew.refused(),
        crew.givenUp());
  }

  /** Those with one name and backend are shown as one: they differ in a password or the like. */
  private static List<ServerStatus> servers(Map<BackendServer, String> servers) {
    Collection<ServerStatus> merged =
        servers.entrySet().stream()
            .map(entry -> status(entry.getValue(), entry.getKey()))
            .collect(
                Collectors.toMap(
                    server -> List.of(server.backend(), server.server()),
                    server -> server,
                    StatusReporter::both,
                    LinkedHashMap::new))
            .values();
    return List.copyOf(merged);
  }

  private static ServerStatus status(String backend, BackendServer server) {
    ServerState state = server.state();
    return new ServerStatus(
        backend,
        server.name(),
        state.trouble().isEmpty(),
        state.trouble(),
        state.inUse(),
        state.idle(),
        state.limit(),
        state.waiting(),
        state.failures());
  }

  private static ServerStatus both(ServerStatus one, ServerStatus other) {
    return new ServerStatus(
        one.backend(),
        one.server(),
        one.up() && other.up(),
        one.trouble().or(other::trouble),
        one.inUse() + other.inUse(),
        one.idle() + other.idle(),
        one.limit() + other.limit(),
        one.waiting() + other.waiting(),
        one.failures() + other.failures());
  }

  private ClientsStatus clients() {
    List<Traffic> traffic = host.server().traffic();
    int present = host.server().clients().present();
    return new ClientsStatus(
        present,
        host.server().clientLimit(),
        host.server().clients().served() + present,
        host.server().clients().turnedAway(),
        traffic.stream().mapToLong(Traffic::receivedBytes).sum(),
        traffic.stream().mapToLong(Traffic::sentBytes).sum(),
        Optional.of(host.server().clientMemory().held()),
        Optional.of(host.server().clientMemory().limit()),
        Optional.of(host.server().clientMemory().givenUp()));
  }

  private static ReloadsStatus status(Reloads.Counts counts) {
    return new ReloadsStatus(counts.ok(), counts.failed(), counts.last(), counts.mistake());
  }
}
