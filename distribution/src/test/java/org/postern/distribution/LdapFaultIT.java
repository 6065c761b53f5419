package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Patience;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.TestCertificates;
import org.postern.testkit.wire.RawClient;

/**
 * What becomes of lookups while slapd(8) dies, hangs and comes back: RETRY, never "not found", and
 * an answer again within a second; and how many connections it has, by its own account.
 */
@Timeout(300)
class LdapFaultIT {
  private static final String KEY = "bob@example.com";
  private static final String FOUND = "status|0|value|bob@host.example.com||";
  private static final String RETRY = "status|2|value|||";
  private static final String INLINE = "inline:{key=value}";
  private static final String INLINE_FOUND = "status|0|value|value||";
  private static final long SOON_MILLIS = 1000;
  private static final int POOL_SIZE = 8;
  private static final int ROUNDS = Integer.getInteger("postern.fault.rounds", 20);

  /** So many may be logged for one table when the server goes and comes back. */
  private static final long LINES = 4;

  @TempDir static Path shared;
  private static TestCertificates certificates;

  @TempDir Path directory;

  private Slapd slapd;
  private PrivatePostfix postfix;
  private PosternProcess postern;
  private final List<String> tables = new ArrayList<>();

  @BeforeAll
  static void slapdIsHere() throws Exception {
    PrivatePostfix.mustBePossible();
    Prerequisite.SLAPD.mustBeHere();
    certificates = Slapd.certificates(shared);
  }

  @BeforeEach
  void start() throws Exception {
    postfix = new PrivatePostfix(directory);
    slapd = Slapd.start(Files.createDirectory(directory.resolve("slapd")), certificates);
    for (int i = 0; i < 6; i++) {
      Path file = directory.resolve("people%d.cf".formatted(i));
      Files.writeString(
          file,
          slapd.placed(
              """
              server_host = ldap://127.0.0.1:@PORT@
              search_base = dc=example,dc=org
              query_filter = (mail=%%s)
              bind_dn = cn=reader,ou=people,dc=example,dc=org
              bind_pw = readerpw
              recursion_limit = %d
              timeout = 2
              """
                  .formatted(i + 1)));
      tables.add("ldap:" + file);
    }
    postfix.set("proxy_read_maps", "proxy:" + INLINE + " proxy:" + String.join(" proxy:", tables));
    postern = PosternProcess.serve(postfix.config());
  }

  @AfterEach
  void end() throws IOException {
    slapd.close();
    postfix.close();
    postern.close();
  }

  @Test
  void whoKillsTheServerUnderLoadSeesRetryAndSoonAfterAnswers() throws Exception {
    try (Load load = new Load();
        RawClient other = RawClient.connect(postfix.socket("postern-proxymap"))) {
      load.untilFound();
      for (int round = 0; round < ROUNDS; round++) {
        slapd.kill();
        load.untilRetry();
        assertThat(other.ask(RawClient.lookup(INLINE, "key"))).isEqualTo(INLINE_FOUND);
        slapd.start();
        assertThat(load.untilFound()).as("round %d", round).isLessThan(SOON_MILLIS);
      }
      assertThat(load.others()).as("neither found nor retry").isEmpty();
    }
    assertThat(postern.log()).doesNotContain("readerpw");
    assertThat(postern.log().lines().count())
        .as("lines of log, whatever the load")
        .isLessThan(LINES * ROUNDS * tables.size());
  }

  @Test
  void aServerThatHangsIsRetryInTimeAndHarmsNobodyElse() throws Exception {
    try (Load load = new Load()) {
      load.untilFound();
      slapd.hang();
      load.untilRetry();
      try (RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
        long began = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
          assertThat(client.ask(RawClient.lookup(INLINE, "key"))).isEqualTo(INLINE_FOUND);
        }
        assertThat(millisSince(began)).as("1000 lookups on another table").isLessThan(2000);
      }
      assertThat(load.longestMillis()).isLessThan(10_000);
      slapd.goOn();
      assertThat(load.untilFound()).isLessThan(SOON_MILLIS);
      assertThat(load.others()).isEmpty();
    }
  }

  @Test
  void allTablesTogetherHaveNoMoreConnectionsThanThePool() throws Exception {
    assertThat(slapd.connections()).as("none before it is needed").isZero();
    try (ExecutorService clients = Executors.newFixedThreadPool(64)) {
      AtomicBoolean over = new AtomicBoolean();
      LongAdder answered = new LongAdder();
      List<Future<?>> asked = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        String table = tables.get(i % tables.size());
        String key = i % 2 == 0 ? KEY : "nobody" + i + "@example.com";
        asked.add(
            clients.submit(() -> {
              ask(table, key, over, answered);
              return true;
            }));
      }
      for (int i = 0; i < 20 || answered.sum() <= 100; i++) {
        assertThat(slapd.connections()).isBetween(0, POOL_SIZE);
        assertThat(i).as("looks while 64 clients ask").isLessThan(2000);
      }
      over.set(true);
      for (Future<?> one : asked) {
        one.get();
      }
    }
    assertThat(slapd.connections()).isEqualTo(POOL_SIZE);
  }

  private void ask(String table, String key, AtomicBoolean over, LongAdder answered)
      throws IOException {
    try (RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
      while (!over.get()) {
        assertThat(client.ask(RawClient.lookup(table, key)))
            .isEqualTo(key.equals(KEY) ? FOUND : "status|1|value|||");
        answered.increment();
      }
    }
  }

  @Test
  void aChangedPasswordIsRetryUntilItIsRight() throws Exception {
    slapd.modify(password("another"));
    try (RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
      assertThat(client.ask(RawClient.lookup(tables.getFirst(), KEY))).isEqualTo(RETRY);
      assertThat(postern.log())
          .contains("with dn cn=reader,ou=people,dc=example,dc=org: 49 (Invalid credentials)")
          .doesNotContain("readerpw");
      slapd.modify(password("readerpw"));
      assertThat(
              Patience.until(
                  () -> client.ask(RawClient.lookup(tables.getFirst(), KEY)).equals(FOUND)))
          .isLessThan(2 * SOON_MILLIS);
    }
  }

  @Test
  void cutConnectionsHarmNoLookup() throws Exception {
    try (Relay relay = new Relay(slapd.port());
        RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
      String table = table("relayed.cf", "server_host = ldap://127.0.0.1:" + relay.port());
      for (int round = 0; round < ROUNDS; round++) {
        assertThat(client.ask(RawClient.lookup(table, KEY))).as("round %d", round).isEqualTo(FOUND);
        assertThat(relay.cut()).as("connections").isPositive();
      }
      assertThat(client.ask(RawClient.lookup(table, KEY))).isEqualTo(FOUND);
    }
  }

  @Test
  void anExpiredCertificateIsRetryUntilAnotherIsShown() throws Exception {
    String ca = "\ntls_ca_cert_file = @CA@\ntls_require_cert = yes";
    List<String> protectedTables =
        List.of(
            table("tls.cf", slapd.placed("server_host = ldaps://127.0.0.1:@TLSPORT@" + ca)),
            table(
                "starttls.cf",
                slapd.placed("server_host = ldap://127.0.0.1:@PORT@\nstart_tls = yes" + ca)));
    slapd.showCertificateOf(TestCertificates.Holder.EXPIRED, certificates);
    slapd.kill();
    slapd.start();
    try (RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
      for (String table : protectedTables) {
        assertThat(client.ask(RawClient.lookup(table, KEY))).as(table).isEqualTo(RETRY);
      }
      assertThat(postern.log()).contains("the server's certificate has expired");
      slapd.showCertificateOf(TestCertificates.Holder.SERVER, certificates);
      slapd.kill();
      slapd.start();
      for (String table : protectedTables) {
        assertThat(Patience.until(() -> client.ask(RawClient.lookup(table, KEY)).equals(FOUND)))
            .as(table)
            .isLessThan(2 * SOON_MILLIS);
      }
    }
  }

  /** Another table, which is approved. */
  private String table(String name, String server) throws Exception {
    Path file = directory.resolve(name);
    Files.writeString(
        file,
        server
            + """

            search_base = dc=example,dc=org
            query_filter = (mail=%s)
            bind = no
            timeout = 2
            """);
    String table = "ldap:" + file;
    tables.add(table);
    postfix.set("proxy_read_maps", "proxy:" + INLINE + " proxy:" + String.join(" proxy:", tables));
    Postfix.signal("HUP", postern.handle().pid());
    try (RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
      Patience.until(() -> !client.ask(RawClient.lookup(table, KEY)).startsWith("status|4|"));
    }
    return table;
  }

  private static String password(String password) {
    return """
    dn: cn=reader,ou=people,dc=example,dc=org
    changetype: modify
    replace: userPassword
    userPassword: %s
    """
        .formatted(password);
  }

  /** Clients that ask all the time, and what they were told. */
  private final class Load implements AutoCloseable {
    private static final int CLIENTS = 16;

    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final AtomicBoolean over = new AtomicBoolean();
    private final LongAdder found = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final ConcurrentLinkedQueue<String> others = new ConcurrentLinkedQueue<>();
    private final LongAccumulator longestMillis = new LongAccumulator(Math::max, 0);
    private final List<Future<Boolean>> asking = new ArrayList<>();

    Load() {
      for (int i = 0; i < CLIENTS; i++) {
        String table = tables.get(i % tables.size());
        asking.add(threads.submit(() -> run(table)));
      }
    }

    private boolean run(String table) throws IOException {
      try (RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
        while (!over.get()) {
          long began = System.nanoTime();
          String answer = client.ask(RawClient.lookup(table, KEY));
          longestMillis.accumulate(millisSince(began));
          switch (answer) {
            case FOUND -> found.increment();
            case RETRY -> {
              retried.increment();
              LockSupport.parkNanos(1_000_000); // the processor is for slapd too
            }
            default -> others.add(answer);
          }
        }
        return true;
      } catch (IOException | RuntimeException e) {
        others.add(e.toString());
        throw e;
      }
    }

    /**
     * Waits until somebody is told the answer.
     *
     * @return how long that took, in milliseconds
     */
    long untilFound() throws Exception {
      long before = found.sum();
      return Patience.until(() -> found.sum() > before);
    }

    /** Waits until somebody is told to try again. */
    void untilRetry() throws Exception {
      long before = retried.sum();
      Patience.until(() -> retried.sum() > before);
    }

    List<String> others() {
      return List.copyOf(others);
    }

    long longestMillis() {
      return longestMillis.get();
    }

    @Override
    public void close() {
      over.set(true);
      threads.close();
    }
  }

  private static long millisSince(long began) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }
}
