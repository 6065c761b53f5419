package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
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
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.wire.Bystander;
import org.postern.testkit.wire.RawClient;

/**
 * Clients that ask for all that they can get, of a server as an operator starts it: another client
 * is answered in time, and memory and log have bounds.
 */
@Tag("alone")
@Timeout(180)
class HostileClientsIT {
  private static final int MEGABYTE = 1 << 20;

  /** Beside what the server needs when nobody does it any harm. */
  private static final long MEMORY = 200L * MEGABYTE;

  /** The aim is 50 ms. On two cores that have nothing else to do, up to 60 ms were measured. */
  private static final Duration P99 = Duration.ofMillis(200);

  /** So many times longer than before somebody does harm an answer may take on a busy machine. */
  private static final int TIMES = 20;

  private static final String DENIED = "status|4|value|||";

  private static final String VALUE = "v".repeat(100_000);

  @TempDir static Path directory;

  private static PosternProcess postern;
  private static int port;
  private static long idle;
  private static Duration usual;

  private final HttpClient browser = HttpClient.newHttpClient();
  private Bystander other;

  private static String table() {
    return "texthash:" + directory + "/table";
  }

  /** Asked by workers, of a key that is long. */
  private static String rules() {
    return "pcre:" + directory + "/rules";
  }

  private static Path socket() {
    return directory.resolve("read");
  }

  private static Path configure(Path where) throws IOException {
    Files.writeString(directory.resolve("table"), "small value\nbig " + VALUE + "\n");
    Files.writeString(directory.resolve("rules"), "/^x.*y.*z/ found\n");
    Files.createDirectories(where);
    Files.writeString(
        where.resolve("main.cf"),
        """
        queue_directory = %s
        data_directory = %<s
        proxy_read_maps = proxy:%s proxy:%s
        postern_proxymap_socket = read
        postern_proxywrite_socket =
        """
            .formatted(where, table(), rules()));
    PosternProcess.mayChange(where);
    return where;
  }

  @BeforeAll
  static void serve() throws Exception {
    port = PrivatePostfix.freePort();
    postern =
        PosternProcess.serve(configure(directory), "-o", "postern_http_listen=127.0.0.1:" + port);
    try (Bystander usually = new Bystander(socket(), table(), "small", "value");
        RawClient client = RawClient.connect(socket())) {
      for (int i = 0; i < 2000; i++) {
        client.ask(lookup(table(), "small"));
      }
      client.ask(lookup(rules(), "xyz")); // opens it
      usual = usually.p99();
    }
    idle = resident();
  }

  @AfterAll
  static void end() {
    postern.close();
  }

  private static long resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + postern.handle().pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  @BeforeEach
  void othersAsk() throws Exception {
    other = new Bystander(socket(), table(), "small", "value");
  }

  @AfterEach
  void othersGo() throws Exception {
    other.close();
  }

  private void nobodyElseIsHarmed() throws Exception {
    for (String probe : List.of("/healthz", "/readyz")) {
      HttpResponse<String> answer = get(probe);
      assertThat(answer.statusCode()).as(probe + ": " + answer.body()).isEqualTo(200);
    }
    Duration p99 = other.p99();
    long held = resident();
    Duration most = P99.compareTo(usual.multipliedBy(TIMES)) > 0 ? P99 : usual.multipliedBy(TIMES);
    System.out.printf(
        "p99 of another client: %d ms, usually %d ms; resident: %d MB, idle %d MB%n",
        p99.toMillis(), usual.toMillis(), held / MEGABYTE, idle / MEGABYTE);
    assertThat(p99).isLessThan(most);
    assertThat(held - idle).isLessThan(MEMORY);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI page = URI.create("http://127.0.0.1:" + port + path);
    return browser.send(
        HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(20)).build(),
        BodyHandlers.ofString());
  }

  private static void close(List<RawClient> clients) throws IOException {
    for (RawClient client : clients) {
      client.close();
    }
  }

  /** Sends as much as the server takes. */
  private static void send(RawClient client, String requests) {
    try {
      client.send(requests);
    } catch (IOException e) {
      // The server has had enough of it.
    }
  }

  @Test
  void sixtyClientsThatNeverRead() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    String request = lookup(table(), "big");
    String requests = request.repeat(550_000 / request.length());
    try {
      for (int i = 0; i < 60; i++) {
        RawClient client = RawClient.connect(socket());
        clients.add(client);
        send(client, requests);
      }
      nobodyElseIsHarmed();
    } finally {
      close(clients);
    }
  }

  @Test
  void fortyHalfRequests() throws Exception {
    List<RawClient> clients = new ArrayList<>();
    String name = "request|lookup|table|" + table() + "|flags|64|key|";
    String half = name + ("x".repeat(MEGABYTE - 1) + "|").repeat(3) + "y".repeat(900_000);
    try {
      for (int i = 0; i < 40; i++) {
        RawClient client = RawClient.connect(socket());
        clients.add(client);
        send(client, half);
      }
      nobodyElseIsHarmed();
    } finally {
      close(clients);
    }
  }

  @Test
  void aHundredThousandNamesThatAreNotApproved() throws Exception {
    int before = postern.log().length();
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        RawClient client = RawClient.connect(socket());
        clients.add(client);
        StringBuilder requests = new StringBuilder();
        for (int j = 0; j < 100; j++) {
          requests.append(lookup("hash:/not/approved/" + (100 * i + j), "k"));
        }
        send(client, requests.toString());
      }
      assertThat(clients.getLast().receive()).isEqualTo(DENIED);
      nobodyElseIsHarmed();
    } finally {
      close(clients);
    }
    assertThat(postern.log().length() - before).isLessThan(2 * MEGABYTE);
  }

  @Test
  void sixHundredNamesOfAMegabyteAtOnce() throws Exception {
    atOnce("request|lookup|table|hash:" + "n".repeat(MEGABYTE - 5) + "|flags|64|key|k||", DENIED);
  }

  @Test
  void sixHundredKeysOfAMegabyteAtOnce() throws Exception {
    atOnce(lookup(table(), "k".repeat(MEGABYTE)), "status|1|value|||");
  }

  @Test
  void sixHundredKeysOfAMegabyteAtOnceForWorkers() throws Exception {
    atOnce(lookup(rules(), "k".repeat(MEGABYTE)), "status|1|value|||");
  }

  @Test
  void sixHundredKeysOfAMegabyteAtOnceOfATableThatIsNotApproved() throws Exception {
    atOnce(lookup("hash:/not/approved", "k".repeat(MEGABYTE)), DENIED);
  }

  /** Some connections send the same request again and again, until there were 600. */
  private void atOnce(String request, String reply) throws Exception {
    AtomicInteger left = new AtomicInteger(600);
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    byte[] bytes = request.replace('|', '\0').getBytes(StandardCharsets.ISO_8859_1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (left.getAndDecrement() > 0) {
                    try (RawClient client = RawClient.connect(socket())) {
                      client.send(bytes);
                      String given = client.receive();
                      if (!given.equals(reply)) {
                        wrong.add(given);
                      }
                    }
                  }
                } catch (IOException e) {
                  wrong.add(e.toString());
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    nobodyElseIsHarmed();
    assertThat(wrong).isEmpty();
  }

  @Test
  void halfRequestsForTheStatusPage() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(socket);
        socket.getOutputStream().write("GET /healthz HT".getBytes(StandardCharsets.UTF_8));
      }
      long begun = System.nanoTime();
      nobodyElseIsHarmed();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void aLogThatNobodyReads() throws Exception {
    Path own = configure(directory.resolve("unread"));
    Process process =
        new ProcessBuilder(
                PosternProcess.COMMAND,
                "serve",
                "-c",
                own.toString(),
                "-o",
                "mail_owner=" + PosternProcess.OWNER)
            .start();
    try (InputStream notRead = process.getErrorStream();
        BufferedReader out = process.inputReader()) {
      Path socket = own.resolve("read");
      assertThat(out.readLine()).startsWith("postern: listening on ");
      String name = "n".repeat(1500);
      List<RawClient> clients = new ArrayList<>();
      try {
        for (int i = 0; i < 400; i++) {
          RawClient client = RawClient.connect(socket);
          clients.add(client);
          client.send(lookup("hash:" + i + name, "k"));
        }
        for (RawClient client : clients) {
          assertThat(client.receive()).isEqualTo(DENIED);
        }
        assertThat(clients.getLast().ask(lookup(table(), "small")))
            .isEqualTo("status|0|value|value||");
      } finally {
        close(clients);
      }
      process.toHandle().destroy(); // and leaves the pipe as it is
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("SIGTERM ends it").isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(new String(notRead.readAllBytes(), StandardCharsets.UTF_8))
          .contains("request for unapproved table: \"hash:0nnn");
    } finally {
      process.destroyForcibly();
    }
  }
}
