package org.postern.program.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postern.testkit.wire.RawClient.lookup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.operations.status.StatusReport;
import org.postern.testkit.Patience;
import org.postern.testkit.wire.RawClient;

@Timeout(60)
class HttpTest {
  private static final Path METRICS =
      Path.of(System.getProperty("basedir", ".")).resolve("../../docs/metrics.md");

  @TempDir Path directory;

  private final HttpClient browser = HttpClient.newHttpClient();
  private int port;

  private RunningDaemon daemon(String... more) throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String[] all = Arrays.copyOf(more, more.length + 2);
    all[more.length] = "postern_http_listen";
    all[more.length + 1] = "127.0.0.1:" + port;
    return new RunningDaemon(directory, all);
  }

  private HttpResponse<String> ask(String method, String path)
      throws IOException, InterruptedException {
    return browser.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return ask("GET", path);
  }

  @Test
  void thePageIsOneThatAsksNobodyElse() throws Exception {
    try (RunningDaemon _ = daemon()) {
      HttpResponse<String> page = get("/");
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
      assertThat(page.headers().firstValue("Content-Security-Policy"))
          .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'none'"));
      assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
      for (String file : List.of("/status.css", "/status.js")) {
        assertThat(get(file).statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("\"" + file + "\"");
      }
      assertThat(page.body() + get("/status.css").body() + get("/status.js").body())
          .doesNotContain("http://", "https://", "innerHTML", "url(");
    }
  }

  @Test
  void onlyGetAndHeadAreAnswered() throws Exception {
    try (RunningDaemon _ = daemon()) {
      assertThat(ask("POST", "/").statusCode()).isEqualTo(405);
      assertThat(ask("DELETE", "/metrics").statusCode()).isEqualTo(405);
      HttpResponse<String> head = ask("HEAD", "/");
      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(head.headers().firstValueAsLong("Content-Length"))
          .hasValue(get("/").body().getBytes(StandardCharsets.UTF_8).length);
      for (String path : List.of("/nothing", "/status.json/", "/../etc/passwd", "/metricsx")) {
        assertThat(get(path).statusCode()).isEqualTo(404);
      }
    }
  }

  @Test
  void statusJsonIsTheReport() throws Exception {
    try (RunningDaemon daemon = daemon();
        RawClient client = daemon.client()) {
      client.ask(lookup("echo:x", "a"));
      StatusReport shown =
          StatusReport.readJson(
              new ByteArrayInputStream(
                  get("/status.json").body().getBytes(StandardCharsets.UTF_8)));
      assertThat(shown.tables()).isEqualTo(daemon.status().tables());
    }
  }

  @Test
  void metricsCountWhatTheReportCounts() throws Exception {
    try (RunningDaemon daemon = daemon();
        RawClient client = daemon.client()) {
      client.ask(lookup("echo:x", "a"));
      client.ask(lookup("echo:x", "b"));
      client.ask(lookup("echo:x", "none"));
      client.ask(lookup("hash:\"<script>\\", "none"));
      daemon.tables.gate.release();
      client.ask(lookup("slow:x", "a"));
      HttpResponse<String> metrics = get("/metrics");
      assertThat(metrics.headers().firstValue("Content-Type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(metrics.body().lines())
          .contains(
              "# TYPE postern_requests_total counter",
              "postern_requests_total{kind=\"lookup\",outcome=\"ok\",service=\"proxymap\","
                  + "table=\"echo:x\"} 2.0",
              "postern_requests_total{kind=\"lookup\",outcome=\"nokey\",service=\"proxymap\","
                  + "table=\"echo:x\"} 1.0",
              "postern_request_duration_seconds_count{kind=\"lookup\",result=\"answered\","
                  + "service=\"proxymap\",table=\"echo:x\"} 3",
              "postern_request_duration_seconds_bucket{kind=\"lookup\",result=\"answered\","
                  + "service=\"proxymap\",table=\"echo:x\",le=\"+Inf\"} 3",
              "# TYPE process_cpu_seconds_total counter",
              "# TYPE process_resident_memory_bytes gauge",
              "postern_denials_total{service=\"proxymap\",table=\"hash:\\\"<script>\\\\\"} 1.0",
              "postern_tables_open{service=\"proxymap\"} 2.0",
              "postern_backend_workers_limit{backend=\"slow\"} 2.0",
              "postern_clients 1.0",
              "postern_reloads_total{outcome=\"ok\"} 0.0");
    }
  }

  @Test
  void everyMetricIsDocumented() throws Exception {
    try (RunningDaemon daemon = daemon();
        RawClient client = daemon.client()) {
      client.ask(lookup("echo:x", "a"));
      System.gc();
      Patience.until(() -> get("/metrics").body().contains("jvm_gc_pause_seconds_count"));
      Set<String> documented =
          Pattern.compile("^\\| `([a-z_]+)`", Pattern.MULTILINE)
              .matcher(Files.readString(METRICS))
              .results()
              .map(row -> row.group(1))
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> shown =
          Pattern.compile("^# TYPE ([a-z_]+) ", Pattern.MULTILINE)
              .matcher(get("/metrics").body())
              .results()
              .map(type -> type.group(1))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(shown).hasSizeGreaterThan(30);
      assertThat(documented).containsAll(shown);
    }
  }

  @Test
  void itIsReadyWhenEveryTableThatMayBeAskedForWouldAnswer() throws Exception {
    Path file = directory.resolve("table");
    try (RunningDaemon daemon = daemon("proxy_read_maps", "proxy:echo:x proxy:file:" + file)) {
      Patience.until(() -> get("/readyz").body().contains("unavailable"));
      HttpResponse<String> answer = get("/readyz");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body().lines())
          .containsExactly(
              "not ready",
              "wrong proxymap file:%s: unavailable: open %<s: No such file or directory"
                  .formatted(file),
              "ok    proxymap echo:x: open",
              "ok    proxywrite echo:x: not asked for yet");
      Files.writeString(file, "content");
      Patience.until(() -> get("/readyz").statusCode() == 200);
      assertThat(get("/readyz").body()).startsWith("ready\n");
      try (RawClient client = daemon.client()) {
        client.ask(lookup("echo:x", "trouble"));
      }
      assertThat(get("/readyz").body())
          .startsWith("not ready\nwrong proxymap echo:x: open: no answer today\n");
    }
  }

  @Test
  void itIsAliveAsLongAsTheEventLoopsTurn() throws Exception {
    try (RunningDaemon daemon = daemon()) {
      assertThat(get("/healthz").statusCode()).isEqualTo(200);
      CountDownLatch stuck = new CountDownLatch(1);
      daemon.onLoop(() -> {
        try {
          stuck.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      });
      assertThat(get("/healthz").statusCode()).isEqualTo(503);
      assertThat(get("/status.json").statusCode()).isEqualTo(200);
      stuck.countDown();
      Patience.until(() -> get("/healthz").statusCode() == 200);
    }
  }

  @Test
  void aRequestForAnotherHostIsNotAnswered() throws Exception {
    try (RunningDaemon _ = daemon();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket
          .getOutputStream()
          .write(
              "GET /status.json HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 421 ");
    }
  }

  @Test
  void whoSendsHalfARequestOrDoesNotReadDelaysNobody() throws Exception {
    List<Socket> bad = new ArrayList<>();
    try (RunningDaemon _ = daemon()) {
      for (int i = 0; i < 300; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        bad.add(socket);
        String sent =
            switch (i % 3) {
              case 0 -> "GET /metrics HTTP/1.1\r\nHost: 127";
              case 1 -> "";
              default -> "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
            };
        try {
          socket.getOutputStream().write(sent.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
          // Another one came, and this one had to go.
        }
      }
      long begin = System.nanoTime();
      assertThat(get("/healthz").statusCode()).isEqualTo(200);
      assertThat(get("/readyz").body()).startsWith("not ready\n");
      assertThat(get("/metrics").statusCode()).isEqualTo(200);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    } finally {
      for (Socket socket : bad) {
        socket.close();
      }
    }
  }

  @Test
  void whatIsNoRequestIsAnsweredAsSuch() throws Exception {
    try (RunningDaemon _ = daemon();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("nonsense\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 400 Bad Request\r\n")
          .contains("\r\nConnection: close\r\n");
    }
  }

  @Test
  void aPortThatIsInUseIsAWarningAndMailGoesOn() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RunningDaemon daemon =
            new RunningDaemon(
                directory, "postern_http_listen", "127.0.0.1:" + taken.getLocalPort());
        RawClient client = daemon.client()) {
      assertThat(client.ask(lookup("echo:x", "a"))).startsWith("status|0|");
      assertThat(daemon.log.warnings())
          .anySatisfy(line ->
              assertThat(line)
                  .startsWith(
                      "WARN cannot listen for HTTP at 127.0.0.1:%d: Address already in use;"
                          .formatted(taken.getLocalPort()))
                  .contains("postern_http_listen"));
    }
  }

  @Test
  void nothingListensAfterTheEnd() throws Exception {
    try (RunningDaemon daemon = daemon()) {
      assertThat(get("/healthz").statusCode()).isEqualTo(200);
      daemon.drain();
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
          .isInstanceOf(ConnectException.class);
    }
  }
}
