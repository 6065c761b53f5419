package org.postern.driver.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.NameResolver;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.spi.BackendServer;
import org.postern.spi.ServerState;
import org.postern.spi.Table;
import org.postern.tablekit.OverdueCalls;
import org.postern.tablekit.Secret;
import org.postern.testkit.Patience;
import org.postern.testkit.TestOpening;

/**
 * Servers that die, hang, refuse, and come back: RETRY while they are away, and never "not found".
 */
final class FaultTest {
  private static final String KEY = "bob@example.com";
  private static final String FOUND = "bob@host.example.com";
  private static final long SOON_MILLIS = 1000;
  private static final int ROUNDS = Integer.getInteger("postern.fault.rounds", 10);

  @TempDir private Path directory;

  @Test
  void aConnectionThatDiedIsReplacedWithoutANotice() throws Exception {
    try (TestDirectory people = TestDirectory.start();
        TestOpening opening = people.table(directory)) {
      Table table = opening.open(new LdapDriver());
      for (int i = 0; i < 5; i++) {
        assertThat(askAtOnce(table, 8)).containsOnly(FOUND);
        people.stop();
        people.startAgain();
      }
    }
  }

  @Test
  void aServerThatIsAwayIsShownWithTheReasonUntilItIsBack() throws Exception {
    try (TestDirectory people = TestDirectory.start();
        TestOpening opening = people.table(directory)) {
      Table table = opening.open(new LdapDriver());
      BackendServer server = table.servers().getFirst();
      assertThat(server.name()).isEqualTo("ldap://127.0.0.1:" + people.port());
      assertThat(server.state()).isEqualTo(new ServerState(0, 0, 8, 0, 0, Optional.empty()));
      assertThat(askAtOnce(table, 1)).containsOnly(FOUND);
      assertThat(server.state()).isEqualTo(new ServerState(0, 1, 8, 0, 0, Optional.empty()));
      people.stop();
      askAtOnce(table, 1);
      assertThat(server.state().trouble())
          .hasValueSatisfying(why -> assertThat(why).contains("Can't contact LDAP server"));
      assertThat(server.state().failures()).isPositive();
      people.startAgain();
      Patience.until(() -> server.state().trouble().isEmpty());
      opening.assertWarnings(opening.warnings().toArray(new String[0]));
    }
  }

  @Test
  void theNextServerIsAskedWhenOneDies() throws Exception {
    try (TestDirectory first = TestDirectory.start();
        TestDirectory second = TestDirectory.start();
        TestOpening opening =
            TestDirectory.tableAt(
                directory,
                "server_host = 127.0.0.1:%d, 127.0.0.1:%d"
                    .formatted(first.port(), second.port()))) {
      Table table = opening.open(new LdapDriver());
      assertThat(askAtOnce(table, 8)).containsOnly(FOUND);
      assertThat(second.connections().now()).isZero();
      first.stop();
      assertThat(askAtOnce(table, 8)).containsOnly(FOUND);
      int before = first.connections().all();
      first.startAgain();
      Patience.until(() -> first.connections().all() > before);
      second.stop();
      Patience.until(() -> askAtOnce(table, 8).stream().allMatch(FOUND::equals));
      opening.assertWarnings(opening.warnings().toArray(new String[0]));
      // The second need not be noticed: the first is preferred from the moment it is back.
      assertThat(opening.warnings())
          .as("each server is mentioned once")
          .isNotEmpty()
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void whileTheServerIsAwayEveryLookupIsRetryAndSoonAfterFound() throws Exception {
    try (TestDirectory people = TestDirectory.start();
        TestOpening opening = people.table(directory)) {
      Table table = opening.open(new LdapDriver());
      try (Load load = new Load(table, KEY, FOUND)) {
        for (int round = 0; round < ROUNDS; round++) {
          people.stop();
          load.untilRetry();
          people.startAgain();
          assertThat(load.untilFound()).as("round %d", round).isLessThan(SOON_MILLIS);
        }
        assertThat(load.others()).isEmpty();
      }
      opening.assertWarnings(opening.warnings().toArray(new String[0]));
    }
  }

  @Test
  void connectionsThatAreCutUnderLoadAreReplaced() throws Exception {
    try (TestDirectory people = TestDirectory.start();
        TestOpening opening = people.table(directory)) {
      Table table = opening.open(new LdapDriver());
      try (Load load = new Load(table, KEY, FOUND)) {
        for (int round = 0; round < 5 * ROUNDS; round++) {
          people.server().closeAllConnections(round % 2 == 0);
          assertThat(load.untilFound()).as("round %d", round).isLessThan(SOON_MILLIS);
        }
        assertThat(load.others()).isEmpty();
      }
      opening.assertWarnings(opening.warnings().toArray(new String[0]));
    }
  }

  @Test
  void aServerThatNeverAnswersIsGivenUpAfterTheTimeout() throws Exception {
    // Its connections are established by the system, and never accepted.
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        TestOpening opening =
            TestDirectory.tableAt(
                directory, "server_host = 127.0.0.1:" + silent.getLocalPort(), "timeout = 1")) {
      Table table = opening.open(new LdapDriver());
      long began = System.nanoTime();
      assertThat(askAtOnce(table, 8)).allMatch(answer -> answer.startsWith("retry"));
      assertThat(millisSince(began)).isBetween(900L, 5000L);
      began = System.nanoTime();
      assertThat(askAtOnce(table, 8)).allMatch(answer -> answer.startsWith("retry"));
      assertThat(millisSince(began)).as("nobody waits for it again").isLessThan(900);
      opening.assertWarnings(opening.warnings().getFirst());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bind = yes; bind_dn = cn=reader; bind_pw = hush",
    "start_tls = yes",
    "bind = sasl; bind_dn = reader; bind_pw = hush",
    "bind = sasl; sasl_mechs = CRAM-MD5; bind_dn = reader; bind_pw = hush"
  })
  void aServerThatNeverAnswersBeforeTheSearchIsGivenUpToo(String parameters) throws Exception {
    try (SilentServer silent = new SilentServer();
        TestOpening opening =
            TestDirectory.tableAt(
                directory,
                "server_host = 127.0.0.1:" + silent.port(),
                ("timeout = 1; " + parameters).split("; "))) {
      Table table = opening.open(new LdapDriver());
      long began = System.nanoTime();
      assertThat(askAtOnce(table, 8)).allMatch(answer -> answer.startsWith("retry"));
      assertThat(millisSince(began)).isLessThan(8000);
      assertThat(opening.log()).noneMatch(line -> line.text().contains("hush"));
      opening.assertWarnings(opening.warnings().toArray(new String[0]));
    }
  }

  /** Each search is answered well in time; there are a thousand of them. */
  @Test
  void aLookupOfManySearchesEndsWhenNobodyWaitsAnyMore() throws Exception {
    InMemoryOperationInterceptor slow =
        new InMemoryOperationInterceptor() {
          @Override
          public void processSearchRequest(InMemoryInterceptedSearchRequest request) {
            LockSupport.parkNanos(20_000_000);
          }
        };
    try (TestDirectory people = TestDirectory.start(slow);
        TestOpening opening =
            people
                .table(directory, "special_result_attribute = memberdn")
                .parameter("postern_lookup_timeout", "1s")) {
      Table table = opening.open(new LdapDriver());
      // Between two searches, or within one.
      assertThat(LdapTableTest.text(table, "loop@example.com"))
          .isIn(
              "retry: takes longer than postern_lookup_timeout",
              "retry: Search error -5: Timed out");
    }
  }

  @Test
  void theCheckOfAServerThatHangsTakesNoConnectionFromAnother() throws Exception {
    try (SilentServer silent = new SilentServer();
        TestDirectory people = TestDirectory.start();
        TestOpening opening =
            TestDirectory.tableAt(
                    directory,
                    "server_host = 127.0.0.1:%d 127.0.0.1:%d"
                        .formatted(silent.port(), people.port()),
                    "timeout = 1")
                .parameter("postern_pool_size", "1")) {
      Table table = opening.open(new LdapDriver());
      assertThat(LdapTableTest.text(table, KEY)).isEqualTo("retry: Search error -5: Timed out");
      while (silent.connections() < 4) {
        long began = System.nanoTime();
        assertThat(LdapTableTest.text(table, KEY)).isEqualTo(FOUND);
        assertThat(millisSince(began)).isLessThan(900);
      }
      opening.assertWarnings(opening.warnings().getFirst());
    }
  }

  @ParameterizedTest
  @CsvSource({"bind = no", "bind = yes"})
  void aServerThatDripsKeepsNobodyLongerThanALookupMayTake(String bind) throws Exception {
    try (DrippingServer dripping = new DrippingServer();
        TestDirectory people = TestDirectory.start();
        ExecutorService clients = Executors.newFixedThreadPool(4);
        TestOpening opening =
            TestDirectory.tableAt(
                    directory,
                    "server_host = 127.0.0.1:%d 127.0.0.1:%d"
                        .formatted(dripping.port(), people.port()),
                    bind)
                .parameter("postern_pool_size", "2")
                .parameter("postern_lookup_timeout", "2s")) {
      Table table = opening.open(new LdapDriver());
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(clients.submit(() -> LdapTableTest.text(table, KEY)));
      }
      for (Future<String> answer : answers) {
        // The next server is asked when a connection could not be made.
        assertThat(answer.get(60, TimeUnit.SECONDS)).matches("retry: .*|" + FOUND);
      }
      assertThat(LdapTableTest.text(table, KEY)).isEqualTo(FOUND);
      opening.assertWarnings(opening.warnings().toArray(new String[0]));
    }
  }

  @Test
  void aQuestionThatTakesLongIsNotTheEndOfTheServer() throws Exception {
    try (SlowQuestions slow = new SlowQuestions();
        TestDirectory people = TestDirectory.start(slow);
        TestOpening opening = people.table(directory, "timeout = 1")) {
      Table table = opening.open(new LdapDriver());
      try (ExecutorService other = Executors.newSingleThreadExecutor()) {
        Future<String> answer = other.submit(() -> LdapTableTest.text(table, SlowQuestions.KEY));
        while (!answer.isDone()) {
          assertThat(LdapTableTest.text(table, KEY)).isEqualTo(FOUND);
        }
        assertThat(answer.get()).isEqualTo("retry: Search error -5: Timed out");
        assertThat(LdapTableTest.text(table, KEY)).isEqualTo(FOUND);
      }
      slow.goOn();
    }
  }

  @Test
  void whoGetsNoConnectionInTimeIsToldToTryAgain() throws Exception {
    try (SlowQuestions slow = new SlowQuestions();
        TestDirectory people = TestDirectory.start(slow);
        TestOpening opening =
            people.table(directory, "timeout = 1").parameter("postern_pool_size", "1")) {
      Table table = opening.open(new LdapDriver());
      long began = System.nanoTime();
      List<String> answers = askAtOnce(table, SlowQuestions.KEY, 6);
      assertThat(millisSince(began)).isLessThan(5000);
      assertThat(answers)
          .allMatch(answer -> answer.startsWith("retry: "))
          .contains(
              "retry: all connections to ldap://127.0.0.1:%d are in use".formatted(people.port()));
      slow.goOn();
      assertThat(Patience.until(() -> LdapTableTest.text(table, KEY).equals(FOUND)))
          .isLessThan(SOON_MILLIS);
      opening.assertWarnings(opening.warnings().toArray(new String[0]));
    }
  }

  @Test
  void aWrongPasswordIsRetryAndIsTriedAgain() throws Exception {
    try (TestDirectory people = TestDirectory.start();
        TestOpening opening =
            people.table(
                directory,
                "bind = yes",
                "bind_dn = cn=reader,ou=people,dc=example,dc=org",
                "bind_pw = another-password")) {
      Table table = opening.open(new LdapDriver());
      String refusal =
          "Unable to bind to server ldap://127.0.0.1:%d with dn %s: 49 (Invalid credentials)"
              .formatted(people.port(), "cn=reader,ou=people,dc=example,dc=org");
      assertThat(LdapTableTest.text(table, KEY)).isEqualTo("retry: " + refusal);
      people
          .server()
          .modify(
              "dn: cn=reader,ou=people,dc=example,dc=org",
              "changetype: modify",
              "replace: userPassword",
              "userPassword: another-password");
      assertThat(Patience.until(() -> LdapTableTest.text(table, KEY).equals(FOUND)))
          .isLessThan(2 * SOON_MILLIS);
      opening.assertWarnings(refusal);
      assertThat(opening.log()).noneMatch(line -> line.text().contains("another-password"));
    }
  }

  @ParameterizedTest
  @CsvSource({"no", "yes"})
  void lookupsWaitForTheConnectionsThatTheServerGrants(String bind) throws Exception {
    try (SlowQuestions slow = new SlowQuestions();
        TestDirectory people = TestDirectory.start(null, 2, slow);
        TestOpening opening =
            people.table(
                directory,
                "bind = " + bind,
                "query_filter = (|(mail=%s)(mail=" + KEY + "))",
                "timeout = 30")) {
      opening.parameter("postern_lookup_timeout", "30s");
      Table table = opening.open(new LdapDriver());
      try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          answers.add(clients.submit(() -> LdapTableTest.text(table, SlowQuestions.KEY)));
        }
        Patience.until(
            () -> opening.warnings().stream().anyMatch(line -> line.contains(" grants 2 ")));
        slow.goOn();
        for (Future<String> answer : answers) {
          assertThat(answer.get()).isEqualTo(FOUND);
        }
      }
      assertThat(opening.warnings())
          .allMatch(line ->
              line.startsWith("ldap://127.0.0.1:" + people.port() + " grants ")
                  && line.contains("fewer than postern_pool_size = 8: lookups share these"));
      opening.assertWarnings(opening.warnings().toArray(new String[0]));
    }
  }

  @Test
  void aServerThatLetsNobodyInIsNotWaitedFor() throws Exception {
    try (TestDirectory people = TestDirectory.start(null, 1);
        LDAPConnection only = people.server().getConnection();
        TestOpening opening = people.table(directory)) {
      assertThat(only.isConnected()).isTrue();
      Table table = opening.open(new LdapDriver());
      assertThat(LdapTableTest.text(table, KEY)).startsWith("retry: ");
      opening.assertWarnings(opening.warnings().toArray(new String[0]));
    }
  }

  @Test
  void tablesOfOneDirectoryShareTheirFewConnections() throws Exception {
    LdapDriver driver = new LdapDriver();
    List<TestOpening> openings = new ArrayList<>();
    try (TestDirectory people = TestDirectory.start()) {
      List<Table> tables = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        TestOpening opening =
            people
                .table(directory, "result_format = " + i + ":%s")
                .parameter("postern_pool_size", "3");
        openings.add(opening);
        tables.add(opening.open(driver));
      }
      assertThat(people.connections().now()).as("none before it is needed").isZero();
      try (ExecutorService clients = Executors.newFixedThreadPool(24)) {
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < 24 * 50; i++) {
          Table table = tables.get(i % 6);
          answers.add(clients.submit(() -> LdapTableTest.text(table, KEY)));
        }
        for (int i = 0; i < answers.size(); i++) {
          assertThat(answers.get(i).get()).isEqualTo(i % 6 + ":" + FOUND);
        }
      }
      assertThat(people.connections().most()).isBetween(1, 3);
      assertThat(tables.stream().map(Table::backend).distinct()).hasSize(1);
      for (TestOpening opening : openings) {
        opening.close();
      }
      Patience.until(() -> people.connections().now() == 0);
    }
  }

  @Test
  void allAddressesOfAHostAreTried() throws Exception {
    NameResolver two =
        new NameResolver() {
          @Override
          public InetAddress[] getAllByName(String host) {
            // Nothing listens at the first.
            return new InetAddress[] {
              InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.1")
            };
          }

          @Override
          public void toString(StringBuilder text) {
            text.append("two addresses");
          }
        };
    try (TestDirectory people = TestDirectory.start()) {
      Server server = Server.parse("two.example", people.port());
      ConnectionSettings settings =
          new ConnectionSettings(
              List.of(server),
              new Bind.None(),
              new TlsSettings(false, false, "", "", "", "", ""),
              1);
      try (LDAPConnection connection =
          new Connector(settings, 1000, two, new OverdueCalls()).connect(server)) {
        assertThat(connection.getConnectedIPAddress()).isEqualTo("127.0.0.1");
      }
    }
  }

  @Test
  void passwordsAreNowhere() {
    ConnectionSettings settings =
        new ConnectionSettings(
            List.of(Server.parse("localhost", 389)),
            new Bind.Simple("cn=x", new Secret("hush")),
            new TlsSettings(false, false, "", "", "", "", ""),
            10);
    assertThat(settings.toString()).doesNotContain("hush");
  }

  private static List<String> askAtOnce(Table table, int threads) throws Exception {
    return askAtOnce(table, KEY, threads);
  }

  private static List<String> askAtOnce(Table table, String key, int threads) throws Exception {
    try (ExecutorService clients = Executors.newFixedThreadPool(threads)) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        answers.add(clients.submit(() -> LdapTableTest.text(table, key)));
      }
      List<String> texts = new ArrayList<>();
      for (Future<String> answer : answers) {
        texts.add(answer.get());
      }
      return texts;
    }
  }

  private static long millisSince(long began) {
    return (System.nanoTime() - began) / 1_000_000;
  }
}
