package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.wire.RawClient;

/**
 * One lmdb file used by Postern and by Postfix's own programs at once. Not together with writers:
 * {@code postmap}, which begins its transaction before it has the lock, and {@code postmap -i},
 * which takes none: they spoil the file beside Postfix's proxymap(8) as well.
 */
@Timeout(180)
class LmdbBesidePostfixIT {
  private static final int KEYS = 500;
  private static final int TABLES_MADE = 40;
  private static final int CHANGES = 150;
  private static final Pattern VERSION =
      Pattern.compile("status\\|0\\|value\\|v(\\d+)( x*)?\\|\\|");

  @TempDir Path directory;

  private final Requests requests = new Requests(Requests.Dialect.OLD);
  private final ExecutorService clients = Executors.newCachedThreadPool();
  private PrivatePostfix postfix;
  private PosternProcess postern;
  private Path source;
  private String table;

  @BeforeAll
  static void postfixIsHere() {
    PrivatePostfix.mustBePossible();
    Prerequisite.POSTFIX_LMDB.mustBeHere();
  }

  @BeforeEach
  void start() throws Exception {
    Path place = Files.createDirectory(directory.resolve("db"));
    source = place.resolve("table");
    table = "lmdb:" + source;
    postfix =
        new PrivatePostfix(directory)
            .set("proxy_read_maps", "proxy:" + table)
            .set("proxy_write_maps", "proxy:" + table)
            .set("lmdb_map_size", "200000")
            .service("proxymap unix - - n - 1 proxymap")
            .service("proxywrite unix - - n - 1 proxymap");
    Files.setOwner(place, postfix.mailOwner());
    writeSource(0);
    postmap(table);
    Files.setOwner(Path.of(source + ".lmdb"), postfix.mailOwner());
    postfix.start();
    postern = PosternProcess.serve(postfix.config());
  }

  @AfterEach
  void end() throws IOException {
    clients.shutdownNow();
    postern.close();
    postfix.close();
  }

  private void writeSource(int version) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < KEYS; i++) {
      lines.append("key" + i + " v" + version + " " + "x".repeat(i % 50) + "\n");
    }
    Files.writeString(source, lines);
  }

  private void postmap(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("postmap"));
    command.addAll(List.of(arguments));
    Postfix.Outcome outcome = postfix.run("", command.toArray(String[]::new));
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.status()).isZero();
  }

  private static <T> List<T> results(List<Future<T>> futures) throws Exception {
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(future.get());
    }
    return results;
  }

  @Test
  void aTableThatIsMadeAnewIsReadMeanwhile() throws Exception {
    Future<?> postmap =
        clients.submit(() -> {
          for (int version = 1; version <= TABLES_MADE; version++) {
            writeSource(version);
            postmap(table);
          }
          return null;
        });
    List<Future<Integer>> readers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      int seed = i;
      readers.add(clients.submit(() -> lookUpUntil(postmap, new Random(seed))));
      readers.add(clients.submit(() -> walkUntil(postmap)));
    }
    postmap.get();
    assertThat(results(readers)).allMatch(answered -> answered > 0);
  }

  /** Each key has its value, of a table that is not older than the one seen before. */
  private int lookUpUntil(Future<?> end, Random random) throws IOException {
    int answered = 0;
    int newest = 0;
    try (RawClient client = postern("proxymap")) {
      while (!end.isDone()) {
        int i = random.nextInt(KEYS);
        String reply = client.ask(requests.lookup(table, 64, "key" + i));
        Matcher value = VERSION.matcher(reply);
        assertThat(value.matches()).as(reply).isTrue();
        assertThat(value.group(2) == null ? 0 : value.group(2).strip().length()).isEqualTo(i % 50);
        int version = Integer.parseInt(value.group(1));
        assertThat(version).isGreaterThanOrEqualTo(newest);
        newest = version;
        answered++;
      }
    }
    return answered;
  }

  private int walkUntil(Future<?> end) throws IOException {
    int walks = 0;
    try (RawClient client = postern("proxymap")) {
      while (!end.isDone()) {
        int met = 0;
        String reply = client.ask(requests.sequence(table, 64, true));
        while (reply.startsWith("status|0|")) {
          met++;
          reply = client.ask(requests.sequence(table, 64, false));
        }
        assertThat(reply).startsWith("status|1|");
        assertThat(met).isEqualTo(KEYS);
        walks++;
      }
    }
    return walks;
  }

  private RawClient postern(String service) throws IOException {
    return RawClient.connect(postfix.socket("postern-" + service));
  }

  @Test
  void writersOfBothServersAndPostmapLoseNothing() throws Exception {
    List<Future<Map<String, String>>> writers = new ArrayList<>();
    writers.add(clients.submit(() -> change("ours1", () -> postern("proxywrite"))));
    writers.add(clients.submit(() -> change("ours2", () -> postern("proxywrite"))));
    writers.add(
        clients.submit(
            () -> change("theirs", () -> RawClient.connect(postfix.socket("proxywrite")))));
    for (int i = 0; i < KEYS; i += 10) {
      postmap("-d", "key" + i, table); // which locks, as the servers do
    }
    Map<String, String> expected = new TreeMap<>();
    results(writers).forEach(expected::putAll);
    for (int i = 0; i < KEYS; i++) {
      if (i % 10 != 0) {
        expected.put("key" + i, ("v0 " + "x".repeat(i % 50)).strip());
      }
    }
    Postfix.Outcome dump = postfix.run("", "postmap", "-s", table);
    assertThat(dump.err()).isEmpty();
    Map<String, String> stored = new TreeMap<>();
    dump.out()
        .lines()
        .forEach(line -> {
          int tab = line.indexOf('\t');
          stored.put(line.substring(0, tab), line.substring(tab + 1));
        });
    assertThat(stored).isEqualTo(expected);
  }

  /** Updates and deletes keys of its own, values small and large, and tells what must be there. */
  private Map<String, String> change(String name, Callable<RawClient> connect) throws Exception {
    Random random = new Random(name.hashCode());
    Map<String, String> stored = new TreeMap<>();
    try (RawClient client = connect.call()) {
      for (int i = 0; i < CHANGES; i++) {
        String key = name + "-" + random.nextInt(CHANGES / 2);
        if (random.nextInt(4) == 0) {
          assertThat(client.ask(requests.delete(table, 64, key)))
              .isEqualTo(stored.remove(key) == null ? "status|1||" : "status|0||");
        } else {
          String value = i + "-" + "y".repeat(random.nextInt(i % 10 == 0 ? 20_000 : 300));
          assertThat(client.ask(requests.update(table, 64, key, value))).isEqualTo("status|0||");
          stored.put(key, value);
        }
      }
    }
    return stored;
  }
}
