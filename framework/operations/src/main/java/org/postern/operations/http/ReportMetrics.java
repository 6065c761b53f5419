package org.postern.operations.http;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.postern.host.statistics.Durations;
import org.postern.operations.status.BackendStatus;
import org.postern.operations.status.ClientsStatus;
import org.postern.operations.status.DenialStatus;
import org.postern.operations.status.RequestStatus;
import org.postern.operations.status.ServerStatus;
import org.postern.operations.status.ServiceStatus;
import org.postern.operations.status.StatusReport;
import org.postern.operations.status.TableStatus;
import org.postern.operations.status.TableStatus.State;

/** Makes a status report into metrics each time when Prometheus asks. */
final class ReportMetrics implements MultiCollector {
  private static final List<Double> BOUNDS =
      Stream.concat(Durations.BOUNDS.stream(), Stream.of(Double.POSITIVE_INFINITY)).toList();

  private final Supplier<StatusReport> reports;

  ReportMetrics(Supplier<StatusReport> reports) {
    this.reports = reports;
  }

  @Override
  public MetricSnapshots collect() {
    Samples samples = new Samples();
    samples.add(reports.get());
    return new MetricSnapshots(samples.snapshots());
  }

  /**
   * The values of one report, by metric and labels. Two tables can have the same printable name:
   * their values are added up.
   */
  private static final class Samples {
    private final Map<Metric, Map<Labels, Double>> values = new EnumMap<>(Metric.class);
    private final Map<Labels, Durations> durations = new LinkedHashMap<>();

    private void add(Metric metric, double value, String... labels) {
      values
          .computeIfAbsent(metric, _ -> new LinkedHashMap<>())
          .merge(labels(metric, labels), value, Double::sum);
    }

    private void add(Metric metric, long value, String... labels) {
      add(metric, (double) value, labels);
    }

    private static Labels labels(Metric metric, String... labels) {
      return Labels.of(metric.labels(), List.of(labels));
    }

    private void add(StatusReport report) {
      add(Metric.BUILD_INFO, 1, report.version());
      add(Metric.START_TIME, seconds(report.started()));
      report.services().forEach(this::add);
      report.tables().forEach(this::add);
      report.denials().forEach(this::add);
      add(Metric.RELOADS, report.reloads().ok(), "ok");
      add(Metric.RELOADS, report.reloads().failed(), "failed");
      report.backends().forEach(this::add);
      report.servers().forEach(this::add);
      add(report.clients());
    }

    private static double seconds(Instant time) {
      return time.toEpochMilli() / 1e3;
    }

    private void add(ServiceStatus service) {
      add(Metric.MALFORMED, service.malformed(), service.name());
      add(Metric.TABLES_OPEN, 0, service.name());
    }

    private void add(TableStatus table) {
      String service = table.service();
      String name = table.table();
      if (table.state() == State.OPEN) {
        add(Metric.TABLES_OPEN, 1, service);
      }
      if (table.state() == State.OPEN || table.state() == State.UNAVAILABLE) {
        add(Metric.TABLE_READY, table.isReady() ? 1 : 0, service, name, table.plugin().orElse(""));
      }
      table.opened().ifPresent(at -> add(Metric.TABLE_OPENED, seconds(at), service, name));
      for (RequestStatus requests : table.requests()) {
        String kind = requests.kind().requestName();
        requests
            .outcomes()
            .forEach((outcome, count) ->
                add(
                    Metric.REQUESTS,
                    count,
                    service,
                    name,
                    kind,
                    outcome.name().toLowerCase(Locale.ROOT)));
        addDurations(requests.durations(), service, name, kind, "answered");
        requests
            .failures()
            .ifPresent(failures -> addDurations(failures, service, name, kind, "failed"));
      }
    }

    private void addDurations(Durations took, String... labels) {
      durations.merge(labels(Metric.REQUEST_DURATION, labels), took, Durations::plus);
    }

    private void add(DenialStatus denial) {
      add(Metric.DENIALS, denial.count(), denial.service(), denial.table());
    }

    private void add(BackendStatus backend) {
      add(Metric.WORKERS_BUSY, backend.atWork(), backend.name());
      add(Metric.WORKERS_LIMIT, backend.limit(), backend.name());
      add(Metric.QUEUE_LENGTH, backend.queued(), backend.name());
      add(Metric.QUEUE_LIMIT, backend.queueLimit(), backend.name());
      add(Metric.BACKEND_REQUESTS, backend.done(), backend.name());
      add(Metric.BACKEND_REFUSED, backend.refused(), backend.name());
    }

    private void add(ServerStatus server) {
      String backend = server.backend();
      String host = server.server();
      add(Metric.POOL_CONNECTIONS, server.inUse(), backend, host, "in_use");
      add(Metric.POOL_CONNECTIONS, server.idle(), backend, host, "idle");
      add(Metric.POOL_LIMIT, server.limit(), backend, host);
      add(Metric.POOL_WAITING, server.waiting(), backend, host);
      add(Metric.POOL_FAILURES, server.failures(), backend, host);
      add(Metric.POOL_HOST_UP, server.up() ? 1 : 0, backend, host);
    }

    private void add(ClientsStatus clients) {
      add(Metric.CLIENTS, clients.present());
      add(Metric.CLIENTS_LIMIT, clients.limit());
      add(Metric.CONNECTIONS, clients.total());
      add(Metric.CONNECTIONS_REFUSED, clients.turnedAway());
      add(Metric.RECEIVED, clients.receivedBytes());
      add(Metric.SENT, clients.sentBytes());
      clients.heldBytes().ifPresent(bytes -> add(Metric.HELD, bytes));
      clients.heldLimit().ifPresent(bytes -> add(Metric.HELD_LIMIT, bytes));
      clients.givenUp().ifPresent(count -> add(Metric.GIVEN_UP, count));
    }

    private List<MetricSnapshot> snapshots() {
      return Arrays.stream(Metric.values()).map(this::snapshot).toList();
    }

    private MetricSnapshot snapshot(Metric metric) {
      Map<Labels, Double> own = values.getOrDefault(metric, Map.of());
      return switch (metric.type()) {
        case COUNTER -> {
          CounterSnapshot.Builder counter =
              CounterSnapshot.builder().name(metric.baseName()).help(metric.help());
          own.forEach((labels, value) ->
              counter.dataPoint(
                  CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
          yield counter.build();
        }
        case GAUGE -> {
          GaugeSnapshot.Builder gauge =
              GaugeSnapshot.builder().name(metric.baseName()).help(metric.help());
          own.forEach((labels, value) ->
              gauge.dataPoint(
                  GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
          yield gauge.build();
        }
        case INFO -> {
          InfoSnapshot.Builder info =
              InfoSnapshot.builder().name(metric.baseName()).help(metric.help());
          own.keySet()
              .forEach(
                  labels -> info.dataPoint(InfoDataPointSnapshot.builder().labels(labels).build()));
          yield info.build();
        }
        case HISTOGRAM -> {
          HistogramSnapshot.Builder histogram =
              HistogramSnapshot.builder().name(metric.baseName()).help(metric.help());
          durations.forEach((labels, took) ->
              histogram.dataPoint(
                  HistogramDataPointSnapshot.builder()
                      .labels(labels)
                      .classicHistogramBuckets(ClassicHistogramBuckets.of(BOUNDS, took.counts()))
                      .sum(took.sum())
                      .build()));
          yield histogram.build();
        }
      };
    }
  }
}
