package org.postern.program.command;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.postern.host.protocol.Status;
import org.postern.host.statistics.Durations;
import org.postern.operations.status.BackendStatus;
import org.postern.operations.status.DenialStatus;
import org.postern.operations.status.RequestStatus;
import org.postern.operations.status.ServerStatus;
import org.postern.operations.status.ServiceStatus;
import org.postern.operations.status.StatusReport;
import org.postern.operations.status.TableStatus;
import org.postern.platform.text.ByteStrings;

/** How servers are, as text: since they started, or since they were asked before. */
final class StatusTables {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final List<StatusReport> reports;
  private final List<StatusReport> earlier;

  /**
   * @param reports one of each server
   * @param earlier those of the same servers from before; none for all since their start
   */
  StatusTables(List<StatusReport> reports, List<StatusReport> earlier) {
    this.reports = List.copyOf(reports);
    this.earlier = List.copyOf(earlier);
  }

  /** One table, and what it was asked in the time that is looked at. */
  private record Row(
      TableStatus table, long requests, long failed, double rate, Durations durations) {}

  /** A line for each server. */
  List<String> servers() {
    return reports.stream().map(StatusTables::server).toList();
  }

  private static String server(StatusReport report) {
    List<String> services = new ArrayList<>();
    for (ServiceStatus service : report.services()) {
      services.add(
          service.name()
              + " at "
              + String.join(", ", service.sockets())
              + (service.malformed() > 0 ? ", " + service.malformed() + " broken requests" : ""));
    }
    return ByteStrings.visible(
        "Postern %s, process %d, up %s: %s"
            .formatted(
                report.version(),
                report.pid(),
                shown(Duration.between(report.started(), report.taken())),
                String.join("; ", services)));
  }

  /** A line of each server's clients and reloads. */
  List<String> clients() {
    List<String> lines = new ArrayList<>();
    for (StatusReport report : reports) {
      String names =
          String.join(", ", report.services().stream().map(ServiceStatus::name).toList());
      lines.add(
          "%s: %d of %d clients, %d so far, %d turned away; %s in, %s out%s; %s"
              .formatted(
                  ByteStrings.visible(names),
                  report.clients().present(),
                  report.clients().limit(),
                  report.clients().total(),
                  report.clients().turnedAway(),
                  bytes(report.clients().receivedBytes()),
                  bytes(report.clients().sentBytes()),
                  report
                      .clients()
                      .heldBytes()
                      .filter(held -> held > 0)
                      .map(held -> ", " + bytes(held) + " held")
                      .orElse(""),
                  reloads(report)));
    }
    return lines;
  }

  private static String reloads(StatusReport report) {
    String counts = report.reloads().ok() == 1 ? "1 reload" : report.reloads().ok() + " reloads";
    return report.reloads().failed() == 0
        ? counts
        : "%s, %d that failed%s"
            .formatted(
                counts,
                report.reloads().failed(),
                report
                    .reloads()
                    .mistake()
                    .map(mistake -> ", the last one: " + ByteStrings.visible(mistake))
                    .orElse(""));
  }

  /** The tables, the busiest first. */
  TextTable tables() {
    TextTable text =
        new TextTable(
                "SERVICE", "STATE", "REQUESTS", "PER S", "FAILED", "P50", "P99", "PLUGIN", "TABLE")
            .numbers(2, 6);
    List<Row> rows = new ArrayList<>();
    reports.forEach(report -> report.tables().forEach(table -> rows.add(row(report, table))));
    rows.sort(Comparator.comparingDouble(Row::rate).reversed());
    for (Row row : rows) {
      TableStatus table = row.table();
      text.row(
          ByteStrings.visible(table.service()),
          state(table),
          Long.toString(row.requests()),
          String.format(Locale.ROOT, row.rate() < 10 ? "%.2f" : "%.0f", row.rate()),
          Long.toString(row.failed()),
          time(row.durations().quantile(0.5)),
          time(row.durations().quantile(0.99)),
          ByteStrings.visible(table.plugin().orElse("-")),
          ByteStrings.visible(table.table()));
      table.servedFrom().ifPresent(other -> text.note("served from " + ByteStrings.visible(other)));
      table.trouble().ifPresent(trouble -> text.note("trouble: " + ByteStrings.visible(trouble)));
      if (table.trouble().isEmpty()) {
        table
            .lastError()
            .ifPresent(error ->
                text.note(
                    "last error: %s, %s"
                        .formatted(time(error.at()), ByteStrings.visible(error.reason()))));
      }
    }
    return text;
  }

  private static String state(TableStatus table) {
    String state =
        switch (table.state()) {
          case NOT_ASKED -> "not asked";
          case OPENING -> "opening";
          case OPEN -> table.trouble().isEmpty() ? "OK" : "trouble";
          case UNAVAILABLE -> "unavailable";
        };
    return table.approved() ? state : state + ", as a part";
  }

  private Row row(StatusReport report, TableStatus table) {
    Optional<StatusReport> before = earlier(report);
    Optional<TableStatus> then =
        before.flatMap(old ->
            old.tables().stream()
                .filter(one -> one.service().equals(table.service()))
                .filter(one -> one.table().equals(table.table()))
                .findFirst());
    long requests = requests(table) - then.map(StatusTables::requests).orElse(0L);
    long failed = failed(table) - then.map(StatusTables::failed).orElse(0L);
    Instant since = before.map(StatusReport::taken).orElse(report.started());
    double seconds = Math.max(0.001, Duration.between(since, report.taken()).toNanos() / 1e9);
    Durations durations =
        durations(table).minus(then.map(StatusTables::durations).orElse(Durations.none()));
    return new Row(table, requests, failed, requests / seconds, durations);
  }

  /** That of the same process. */
  private Optional<StatusReport> earlier(StatusReport report) {
    return earlier.stream()
        .filter(old -> old.pid() == report.pid() && old.started().equals(report.started()))
        .findFirst();
  }

  private static long requests(TableStatus table) {
    return table.requests().stream()
        .flatMap(request -> request.outcomes().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  private static long failed(TableStatus table) {
    long failed = 0;
    for (RequestStatus request : table.requests()) {
      failed += request.outcomes().getOrDefault(Status.RETRY, 0L);
      failed += request.outcomes().getOrDefault(Status.CONFIG, 0L);
    }
    return failed;
  }

  private static Durations durations(TableStatus table) {
    return table.requests().stream()
        .map(RequestStatus::durations)
        .reduce(Durations.none(), Durations::plus);
  }

  /** What tables wait for; empty when none has waited. */
  Optional<TextTable> backends() {
    TextTable text =
        new TextTable("AT WORK", "WAITING", "DONE", "REFUSED", "BACKEND").numbers(0, 3);
    List<BackendStatus> all =
        reports.stream().flatMap(report -> report.backends().stream()).toList();
    for (BackendStatus backend : all) {
      text.row(
          backend.atWork() + " of " + backend.limit(),
          backend.queued() + " of " + backend.queueLimit(),
          Long.toString(backend.done()),
          Long.toString(backend.refused()),
          ByteStrings.visible(backend.name()));
      if (backend.givenUp() > 0) {
        text.note(
            "given up: %d that hang; others have taken their place".formatted(backend.givenUp()));
      }
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** The servers of databases and directories; empty when there are none. */
  Optional<TextTable> hosts() {
    TextTable text =
        new TextTable("HOST", "STATE", "IN USE", "IDLE", "WAITING", "FAILURES", "OF").numbers(2, 5);
    List<ServerStatus> all = reports.stream().flatMap(report -> report.servers().stream()).toList();
    for (ServerStatus server : all) {
      text.row(
          ByteStrings.visible(server.server()),
          server.up() ? "up" : "down",
          server.inUse() + " of " + server.limit(),
          Integer.toString(server.idle()),
          Integer.toString(server.waiting()),
          Long.toString(server.failures()),
          ByteStrings.visible(server.backend()));
      server.trouble().ifPresent(trouble -> text.note(ByteStrings.visible(trouble)));
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  /** Requests that were refused, and what to write; empty when there were none. */
  Optional<TextTable> denials() {
    TextTable text = new TextTable("SERVICE", "DENIED", "TIMES", "LAST");
    List<DenialStatus> all = reports.stream().flatMap(report -> report.denials().stream()).toList();
    for (DenialStatus denial : all) {
      text.row(
          ByteStrings.visible(denial.service()),
          ByteStrings.visible(denial.table()),
          Long.toString(denial.count()),
          time(denial.last()));
      text.note(ByteStrings.visible(denial.remedy()));
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static String time(Instant instant) {
    return TIME.format(instant.atZone(ZoneId.systemDefault()));
  }

  private static String time(OptionalDouble seconds) {
    if (seconds.isEmpty()) {
      return "-";
    }
    double milliseconds = seconds.getAsDouble() * 1000;
    return String.format(Locale.ROOT, milliseconds < 10 ? "%.3f ms" : "%.0f ms", milliseconds);
  }

  private static String bytes(long count) {
    return count < 10_000
        ? count + " bytes"
        : count < 10_000_000 ? count / 1000 + " kB" : count / 1_000_000 + " MB";
  }

  private static String shown(Duration time) {
    return time.toDays() > 0
        ? time.toDays() + " d " + time.toHoursPart() + " h"
        : time.toHours() > 0
            ? time.toHours() + " h " + time.toMinutesPart() + " min"
            : time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
  }
}
