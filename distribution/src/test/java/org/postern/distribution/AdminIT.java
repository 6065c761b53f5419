package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Patience;
import org.postern.testkit.wire.RawClient;

/**
 * What operators ask of a running server: beside a real Postfix, and as a child of its master(8).
 */
@Timeout(300)
class AdminIT {
  @TempDir static Path shared;

  private static Path home;

  @TempDir Path directory;

  private PrivatePostfix postfix;
  private String table;

  @BeforeAll
  static void postfixIsHere() throws Exception {
    PrivatePostfix.mustBePossible();
    home = PosternProcess.homeForAll(shared);
  }

  @BeforeEach
  void configure() throws Exception {
    postfix = new PrivatePostfix(directory).daemon(home.resolve("libexec/postern-proxymap"));
    table = "hash:" + directory + "/table";
    Files.writeString(directory.resolve("table"), "key value\nother one\n");
    assertThat(postfix.run("", "postmap", table).err()).isEmpty();
    Files.writeString(directory.resolve("rules"), "# rules\n/^a/ first\n/b$/ second\n");
    postfix
        .set("virtual_alias_maps", "proxy:" + table)
        .set("transport_maps", "regexp:" + directory + "/rules")
        .set(
            "proxy_read_maps",
            "$virtual_alias_maps $transport_maps proxy:static:x proxy:unionmap:{"
                + table
                + ",static:x}");
  }

  @AfterEach
  void stop() throws Exception {
    postfix.close();
  }

  private Path socket(String name) {
    return directory.resolve("data/postern").resolve(name);
  }

  /** A child of master(8) makes its admin socket beside its first answers, not before them. */
  private Path socketOfChild(String service) throws Exception {
    Path socket = socket("admin-" + service);
    Patience.until(() -> Files.exists(socket));
    return socket;
  }

  private Postfix.Outcome postern(String... arguments) throws Exception {
    return as(List.of(), arguments);
  }

  private Postfix.Outcome as(List<String> user, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(user);
    command.add(home.resolve("bin/postern").toString());
    command.addAll(List.of(arguments));
    return postfix.run("", command);
  }

  private PosternProcess serve() throws IOException {
    return PosternProcess.serve(postfix.config());
  }

  private void startMaster() throws Exception {
    postfix
        .service("proxymap unix - - n - 1 postern-proxymap")
        .service("proxywrite unix - - n - 1 postern-proxymap")
        .start();
  }

  private String ask(String service, String name, String key) throws IOException {
    try (RawClient client = RawClient.connect(postfix.socket(service))) {
      return client.ask(RawClient.lookup(name, key));
    }
  }

  @Test
  void besidePostfixRootAndTheOwnerCanAsk() throws Exception {
    try (PosternProcess process = serve()) {
      assertThat(Files.getOwner(socket("admin"))).isEqualTo(postfix.mailOwner());
      Path folder = directory.resolve("data/postern");
      assertThat(Files.getOwner(folder)).isEqualTo(postfix.mailOwner());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isEqualTo("rwx------");
      assertThat(postern("log-level")).isEqualTo(new Postfix.Outcome(0, "info\n", ""));
      assertThat(as(runAs("postfix"), "log-level").out()).isEqualTo("info\n");
      Postfix.Outcome other = as(runAs("nobody"), "log-level");
      assertThat(other.status()).isOne();
      assertThat(other.err()).contains("no running Postern answers", socket("admin") + ": ");
      assertThat(process.end()).isZero();
    }
    assertThat(socket("admin")).doesNotExist();
  }

  private static List<String> runAs(String user) {
    return List.of("setpriv", "--reuid=" + user, "--regid=nogroup", "--clear-groups");
  }

  @Test
  void explainShowsEachStep() throws Exception {
    try (PosternProcess _ = serve()) {
      Postfix.Outcome found = postern("explain", table, "KEY");
      assertThat(found.err()).isEmpty();
      assertThat(found.status()).isZero();
      assertThat(found.out())
          .contains(
              table + ", key \"KEY\", asked of proxymap\nplugin: berkeleydb\n",
              "approved by virtual_alias_maps (" + postfix.config() + "/main.cf, line ",
              "file: " + directory + "/table.db, ",
              "key: \"key\", in lower case",
              "value: value\n",
              "reply: status 0 (OK), flags ")
          .containsPattern("(?m)^lookup +[0-9.]+ ms +found$");
      String whole = "unionmap:{" + table + ",static:x}";
      assertThat(postern("explain", whole, "key").out())
          .containsPattern("member " + table + ", key \"key\"\n +found \"value\" in [0-9.]+ ms\n")
          .contains("value: value,x\n");
      assertThat(postern("explain", table, "absent").out()).contains("status 1 (NOKEY)");
      assertThat(postern("explain", "--json", table, "key").out())
          .startsWith("{")
          .contains("\"value\" : \"value\"", "\"step\" : \"approval\"");
    }
  }

  @Test
  void explainOfWhatIsNotApprovedSaysWhatToWrite() throws Exception {
    try (PosternProcess _ = serve()) {
      String rules = "regexp:" + directory + "/rules";
      Postfix.Outcome denied = postern("explain", rules, "ab");
      assertThat(denied.status()).isOne();
      String line = "-e 'transport_maps = proxy:" + rules + "'";
      assertThat(denied.out())
          .contains("denied", "to do so: postconf -c " + postfix.config() + " " + line + "\n")
          .contains("status 4 (DENY)");

      postfix.set("transport_maps", "proxy:" + rules);
      assertThat(postern("reload").out())
          .contains("changed: transport_maps (", rules + " is approved now, for proxymap\n")
          .endsWith("the configuration has been read again\n");
      assertThat(postern("explain", rules, "ab").out()).contains("matches: line 2", "value: first");
      assertThat(postern("explain", rules, "cb").out()).contains("matches: line 3");
      assertThat(postern("explain", "-w", "static:x", "k").out()).contains("proxy_write_maps");
    }
  }

  @Test
  void reloadOfAMistakeSaysWhereAndGoesOn() throws Exception {
    try (PosternProcess _ = serve()) {
      postfix.set("postern_pool_size", "many");
      Postfix.Outcome bad = postern("reload", "-s", socket("admin").toString());
      assertThat(bad.status()).isOne();
      assertThat(bad.err())
          .startsWith("postern reload: fatal: the configuration stays as it was: ")
          .contains("main.cf, line ", "postern_pool_size");
      Postfix.Outcome unread = postern("reload");
      assertThat(unread.status()).isOne();
      assertThat(unread.err()).contains("postern_pool_size", "a running server goes on");
      postfix.set("postern_pool_size", "7");
      assertThat(postern("explain", table, "key").out()).contains("value: value");
    }
  }

  @Test
  void logLevelIsSetWhileItRunsAndAReloadLeavesIt() throws Exception {
    try (PosternProcess process = serve()) {
      assertThat(postern("log-level", "trace").out()).isEqualTo("trace, was info\n");
      assertThat(postern("reload").status()).isZero();
      ask("postern-proxymap", table, "key");
      Patience.until(() -> process.log().contains("lookup " + table));
      assertThat(postern("log-level", "loud").err()).contains("no such level: loud");
      assertThat(postern("log-level", "info").out()).isEqualTo("info, was trace\n");
    }
  }

  @Test
  void statusAndTopShowWhatWasAsked() throws Exception {
    try (PosternProcess _ = serve()) {
      for (int i = 0; i < 3; i++) {
        assertThat(ask("postern-proxymap", table, "key")).startsWith("status|0|");
      }
      assertThat(ask("postern-proxymap", "hash:/not/approved", "key")).startsWith("status|4|");
      Postfix.Outcome status = postern("status");
      assertThat(status.err()).isEmpty();
      assertThat(status.out())
          .containsPattern("(?m)^proxymap +OK +3 +[0-9.]+ +0 +[0-9].* berkeleydb +" + table + "$")
          .containsPattern("(?m)^proxymap +hash:/not/approved +1 ")
          .contains("list proxy:hash:/not/approved in main.cf:proxy_read_maps")
          .contains("Postern 0.1.0, process ", "clients, 4 so far");
      assertThat(postern("status", "--json").out()).startsWith("[{").contains("\"denials\"");
      String top = postern("top", "-d", "0.2", "-n", "2").out();
      assertThat(top.lines().filter(line -> line.startsWith("--- "))).hasSize(2);
      assertThat(top.lines().filter(line -> line.endsWith(" " + table))).hasSize(2);
    }
  }

  @Test
  void withoutAServerItIsSaidWhereOneWasLookedFor() throws Exception {
    for (List<String> command :
        List.of(
            List.of("status"),
            List.of("top"),
            List.of("reload"),
            List.of("log-level"),
            List.of("explain", table, "key"))) {
      Postfix.Outcome outcome = postern(command.toArray(String[]::new));
      assertThat(outcome.status()).isOne();
      assertThat(outcome.out()).isEmpty();
      assertThat(outcome.err().lines())
          .singleElement()
          .asString()
          .startsWith("postern " + command.getFirst() + ": fatal: no running Postern answers (")
          .contains(socket("admin").toString(), socket("admin-proxymap") + ": ", "postern serve");
    }
  }

  @Test
  void aServerThatWasKilledLeavesASocketThatTheNextReplaces() throws Exception {
    serve().close();
    assertThat(socket("admin")).exists();
    assertThat(postern("log-level").err()).contains("Connection refused");
    try (PosternProcess _ = serve()) {
      assertThat(postern("log-level").out()).isEqualTo("info\n");
    }
  }

  @Test
  void aSocketThatCannotBeMadeKeepsNobodyFromHisMail() throws Exception {
    postfix.set("postern_admin_socket", directory + "/no/where/admin");
    try (PosternProcess process = serve()) {
      assertThat(process.log()).contains("warning: postern_admin_socket: ", "/no does not exist");
      assertThat(ask("postern-proxymap", table, "key")).startsWith("status|0|value|value|");
    }
    postfix.set("postern_admin_socket", "");
    try (PosternProcess process = serve()) {
      assertThat(process.log()).doesNotContain("postern_admin_socket");
      assertThat(postern("status").err()).contains("postern_admin_socket is empty");
    }
  }

  @Test
  void underMasterBothProcessesAnswer() throws Exception {
    postfix.set("proxy_write_maps", "proxy:static:written");
    startMaster();
    assertThat(ask("proxymap", table, "key")).startsWith("status|0|value|value|");
    socketOfChild("proxymap");
    assertThat(postern("status").out())
        .containsPattern("(?m)^proxymap .*" + table + "$")
        .doesNotContain("proxywrite ");
    assertThat(ask("proxywrite", "static:written", "key")).startsWith("status|0|");
    assertThat(Files.getOwner(socketOfChild("proxywrite"))).isEqualTo(postfix.mailOwner());
    assertThat(postern("status").out())
        .containsPattern("(?m)^proxymap +OK +1 .* berkeleydb +" + table + "$")
        .containsPattern("(?m)^proxywrite +OK +1 .* textfile +static:written$");
    assertThat(postern("explain", table, "key").out())
        .contains("asked of proxymap", "value: value");
    assertThat(postern("explain", "-w", "static:written", "key").out())
        .contains("asked of proxywrite", "value: written");
    assertThat(postern("log-level", "debug").out())
        .contains(
            socket("admin-proxymap") + ": debug, was info\n",
            socket("admin-proxywrite") + ": debug, was info\n");
    postfix.set("proxy_write_maps", "proxy:static:written proxy:static:more");
    assertThat(postern("reload").out())
        .contains("static:more is approved now, for proxywrite")
        .contains(socket("admin-proxymap") + ": the configuration has been read again");
  }

  /** The process that master(8) starts next waits for the socket of the one that ends. */
  @Test
  void afterAReloadOfPostfixTheNextProcessAnswers() throws Exception {
    startMaster();
    assertThat(ask("proxymap", table, "key")).startsWith("status|0|");
    for (int i = 0; i < 3; i++) {
      long before = postfix.children("java").getFirst().pid();
      postfix.reload();
      Patience.until(() -> postfix.children("java").stream().noneMatch(one -> one.pid() == before));
      assertThat(ask("proxymap", table, "key")).startsWith("status|0|");
      long now = postfix.children("java").getFirst().pid();
      Patience.until(() -> postern("status").out().contains(", process " + now + ", "));
    }
    assertThat(postfix.log()).doesNotContain("postern_admin_socket");
  }

  @Test
  void asRootUnderMasterTheSocketIsMailOwners() throws Exception {
    postfix.service("proxymap unix - n n - 1 postern-proxymap").start();
    assertThat(ask("proxymap", table, "key")).startsWith("status|0|");
    assertThat(Files.getOwner(socketOfChild("proxymap"))).isEqualTo(postfix.mailOwner());
    assertThat(postern("explain", table, "key").out()).contains("value: value");
  }
}
