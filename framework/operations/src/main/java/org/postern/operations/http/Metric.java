package org.postern.operations.http;

import java.util.List;

/** Every metric of Postern's own: {@code docs/metrics.md} is held against this list. */
enum Metric {
  BUILD_INFO(Type.INFO, "postern_build_info", "Version of Postern; always 1.", "version"),
  START_TIME(
      Type.GAUGE, "postern_start_time_seconds", "When Postern started to serve, in Unix time."),
  REQUESTS(
      Type.COUNTER,
      "postern_requests_total",
      "Requests answered.",
      "service",
      "table",
      "kind",
      "outcome"),
  REQUEST_DURATION(
      Type.HISTOGRAM,
      "postern_request_duration_seconds",
      "How long they took: those that wait for a backend with the wait.",
      "service",
      "table",
      "kind",
      "result"),
  MALFORMED(
      Type.COUNTER,
      "postern_malformed_requests_total",
      "Messages that were no request, or named no table.",
      "service"),
  TABLES_OPEN(Type.GAUGE, "postern_tables_open", "Tables that are open.", "service"),
  TABLE_READY(
      Type.GAUGE,
      "postern_table_ready",
      "1 if the table would answer a lookup, 0 if not; absent until it is asked for.",
      "service",
      "table",
      "plugin"),
  TABLE_OPENED(
      Type.GAUGE,
      "postern_table_opened_timestamp_seconds",
      "When the table was opened as it is, in Unix time.",
      "service",
      "table"),
  DENIALS(
      Type.COUNTER,
      "postern_denials_total",
      "Requests refused: for tables that are not approved, or to change one over the proxymap"
          + " service. The first 200 tables, then \"other\".",
      "service",
      "table"),
  RELOADS(
      Type.COUNTER,
      "postern_reloads_total",
      "How often the configuration was read again: ok, or failed and so left as it was.",
      "outcome"),
  WORKERS_BUSY(
      Type.GAUGE, "postern_backend_workers_busy", "Workers that wait for a backend.", "backend"),
  WORKERS_LIMIT(Type.GAUGE, "postern_backend_workers_limit", "How many there may be.", "backend"),
  QUEUE_LENGTH(
      Type.GAUGE, "postern_backend_queue_length", "Requests that wait for a worker.", "backend"),
  QUEUE_LIMIT(
      Type.GAUGE,
      "postern_backend_queue_limit",
      "How many may: postern_backend_queue_limit.",
      "backend"),
  BACKEND_REQUESTS(
      Type.COUNTER, "postern_backend_requests_total", "Requests that workers did.", "backend"),
  BACKEND_REFUSED(
      Type.COUNTER,
      "postern_backend_refused_total",
      "Requests answered RETRY since the queue was full.",
      "backend"),
  POOL_CONNECTIONS(
      Type.GAUGE,
      "postern_pool_connections",
      "Connections to a server of a database or directory: in_use or idle.",
      "backend",
      "host",
      "state"),
  POOL_LIMIT(
      Type.GAUGE,
      "postern_pool_connections_limit",
      "How many there may be: postern_pool_size.",
      "backend",
      "host"),
  POOL_WAITING(
      Type.GAUGE, "postern_pool_waiting", "Lookups that wait for a connection.", "backend", "host"),
  POOL_FAILURES(
      Type.COUNTER,
      "postern_pool_failures_total",
      "How often the server did not answer, or refused.",
      "backend",
      "host"),
  POOL_HOST_UP(
      Type.GAUGE,
      "postern_pool_host_up",
      "1 if the server is asked, 0 if it is left alone until it answers again.",
      "backend",
      "host"),
  CLIENTS(Type.GAUGE, "postern_clients", "Clients that are connected."),
  CLIENTS_LIMIT(Type.GAUGE, "postern_clients_limit", "How many may be: postern_connection_limit."),
  CONNECTIONS(Type.COUNTER, "postern_connections_total", "Clients that have connected."),
  CONNECTIONS_REFUSED(
      Type.COUNTER, "postern_connections_refused_total", "Clients that were too many."),
  HELD(
      Type.GAUGE,
      "postern_client_memory_bytes",
      "Bytes held for clients: requests that are not whole or wait, replies that are not read."),
  HELD_LIMIT(
      Type.GAUGE,
      "postern_client_memory_limit_bytes",
      "How many there may be: postern_client_memory_limit."),
  GIVEN_UP(
      Type.COUNTER,
      "postern_connections_given_up_total",
      "Clients that were disconnected because there were more."),
  RECEIVED(Type.COUNTER, "postern_received_bytes_total", "Bytes that clients have sent."),
  SENT(Type.COUNTER, "postern_sent_bytes_total", "Bytes that clients were sent.");

  /** What Prometheus makes of it. */
  enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    INFO
  }

  private final Type type;
  private final String fullName;
  private final String help;
  private final String labels;

  Metric(Type type, String fullName, String help, String... labels) {
    this.type = type;
    this.fullName = fullName;
    this.help = help;
    this.labels = String.join(" ", labels);
  }

  Type type() {
    return type;
  }

  /** As it is shown. */
  String fullName() {
    return fullName;
  }

  /** Without the ending that its type adds. */
  String baseName() {
    return fullName.replaceAll("_(total|info)$", "");
  }

  String help() {
    return help;
  }

  List<String> labels() {
    return labels.isEmpty() ? List.of() : List.of(labels.split(" ", -1));
  }
}
