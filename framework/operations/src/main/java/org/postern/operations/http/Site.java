package org.postern.operations.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import org.postern.operations.status.StatusReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers every request: by its path, if its method and host are allowed. Any thread may call. */
final class Site {
  private static final Logger LOG = LoggerFactory.getLogger(Site.class);

  /** Of every answer. */
  static final Map<String, String> HEADERS =
      Map.of(
          "Cache-Control", "no-store",
          "Content-Security-Policy",
              "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                  + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Referrer-Policy", "no-referrer",
          "X-Content-Type-Options", "nosniff");

  private final Map<String, Page> files =
      Map.of(
          "/", Page.resource("status.html", "text/html; charset=utf-8"),
          "/status.css", Page.resource("status.css", "text/css; charset=utf-8"),
          "/status.js", Page.resource("status.js", "text/javascript; charset=utf-8"));

  private final Supplier<StatusReport> reports;
  private final Runnable openTables;
  private final Pulse pulse;
  private final Metrics metrics;
  private final HostNames hosts;

  Site(
      Supplier<StatusReport> reports,
      Runnable openTables,
      Pulse pulse,
      Metrics metrics,
      HostNames hosts) {
    this.reports = reports;
    this.openTables = openTables;
    this.pulse = pulse;
    this.metrics = metrics;
    this.hosts = hosts;
  }

  /** Answers a request. Any thread may call; waits for event loops at most. */
  Page answer(HttpRequest request) throws IOException, InterruptedException {
    try {
      return page(request);
    } catch (RuntimeException | LinkageError e) {
      LOG.error("HTTP {}: {}", request.path(), e.toString(), e);
      return Page.text(500, "internal error: see the log\n");
    }
  }

  private Page page(HttpRequest request) throws IOException, InterruptedException {
    if (!hosts.allow(request.host())) {
      return Page.text(421, "this is not the host that you ask for\n");
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      return Page.text(405, "only GET and HEAD\n");
    }
    return switch (request.path()) {
      case "/metrics" -> metrics.page();
      case "/status.json" -> status();
      case "/healthz" ->
          pulse.beats()
              ? Page.text(200, "alive\n")
              : Page.text(503, "an event loop does not turn\n");
      case "/readyz" -> {
        openTables.run();
        yield Readiness.of(reports.get());
      }
      default -> {
        Page file = files.get(request.path());
        yield file != null ? file : Page.text(404, "no such page\n");
      }
    };
  }

  private Page status() throws IOException {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    reports.get().writeJson(json);
    return new Page(200, "application/json", json.toByteArray());
  }
}
