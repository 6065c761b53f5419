package org.postern.distribution;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.operations.status.ServiceStatus;
import org.postern.operations.status.StatusReport;
import org.postern.testkit.Patience;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.wire.RawClient;

/** Postern as a child of master(8), in the place of both proxymap services. */
@Timeout(300)
class MasterIT extends ChildOfMaster {
  @Test
  void postfixsOwnProgramsUseIt() throws Exception {
    start("");
    Postfix.Outcome outcome = postfix.run("", "postmap", "-q", "key7", "proxy:" + table);
    assertThat(outcome.out() + outcome.err()).isEqualTo("value7\n");
    assertThat(processes()).hasSize(1);
  }

  @Test
  void bothServicesHaveTheirOwnProcessAndList() throws Exception {
    String cache = "btree:" + directory + "/data/cache";
    postfix.set("proxy_write_maps", "proxy:" + cache);
    start("");
    String update = "request|update|table|" + cache + "|flags|64|key|k|value|v||";
    try (RawClient reader = client();
        RawClient writer = RawClient.connect(postfix.socket("proxywrite"))) {
      assertThat(reader.ask(update)).startsWith("status|4|");
      assertThat(writer.ask(update)).startsWith("status|0|");
      assertThat(writer.ask(RawClient.lookup(cache, "k"))).isEqualTo("status|0|value|v||");
      assertThat(processes()).hasSize(2);
      // A signal to master's process group interrupts no update.
      assertThat(processes().stream().filter(MasterIT::leadsItsProcessGroup)).hasSize(1);
    }
    assertThat(Files.getOwner(directory.resolve("data/cache.db"))).isEqualTo(postfix.mailOwner());
  }

  @Test
  void onlyTheProxymapServiceListensForHttpAtTheAddressInMainCf() throws Exception {
    int port = PrivatePostfix.freePort();
    postfix.set("proxy_write_maps", "proxy:btree:" + directory + "/data/cache");
    postfix.set("postern_http_listen", "127.0.0.1:" + port);
    start("");
    try (RawClient reader = client();
        RawClient writer = RawClient.connect(postfix.socket("proxywrite"))) {
      assertThat(ask(reader, 1)).isEqualTo(found(1));
      writer.ask(RawClient.lookup("btree:" + directory + "/data/cache", "k"));
      assertThat(services(port)).containsExactly("proxymap");
      assertThat(postfix.log()).doesNotContain("cannot listen for HTTP");
    }
  }

  @Test
  void theProxywriteServiceCanListenAtAnAddressOfItsOwn() throws Exception {
    int port = PrivatePostfix.freePort();
    postfix
        .service("proxymap unix - - n - 1 postern-proxymap")
        .service(
            "proxywrite unix - - n - 1 postern-proxymap -o postern_http_listen=127.0.0.1:" + port)
        .start();
    try (RawClient _ = RawClient.connect(postfix.socket("proxywrite"))) {
      assertThat(services(port)).containsExactly("proxywrite");
    }
  }

  /** Those that listen for HTTP there; waits until some do, which is after they take clients. */
  private static List<String> services(int port) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/status.json");
    Patience.until(() -> {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return true;
      } catch (ConnectException e) {
        return false;
      }
    });
    try (InputStream json = uri.toURL().openStream()) {
      return StatusReport.readJson(json).services().stream().map(ServiceStatus::name).toList();
    }
  }

  /**
   * By smtpd(8), cleanup(8), trivial-rewrite(8) and virtual(8), which ask for each of their tables.
   *
   * @param unprivileged the column of master.cf
   * @param chroot the column of master.cf: with y, names begin at queue_directory
   */
  @ParameterizedTest
  @CsvSource({"-,n", "n,n", "-,y", "n,y"})
  void mailIsAcceptedAndDelivered(String unprivileged, String chroot) throws Exception {
    int port = PrivatePostfix.freePort();
    // virtual(8) opens its table itself, outside the jail: so they are here and there.
    List<Path> places = new ArrayList<>(List.of(directory));
    if (chroot.equals("y")) {
      places.add(Files.createDirectories(Path.of(postfix.queue().toString() + directory)));
    }
    Path mail = Files.createDirectory(directory.resolve("mail"));
    Files.setOwner(mail, postfix.mailOwner());
    List<String> tables = new ArrayList<>();
    for (String name : List.of("domains", "boxes", "aliases", "canonical", "transport")) {
      tables.add("proxy:hash:" + directory + "/" + name);
    }
    for (Path place : places) {
      makeTable(place, "domains", "example.org any\n");
      makeTable(place, "boxes", "alice@example.org alice/\nbarred@example.org barred/\n");
      makeTable(place, "aliases", "info@example.org alice@example.org\n");
      makeTable(place, "canonical", "sender@example.net Sender@example.com\n");
      makeTable(place, "transport", "barred@example.org error:5.1.1 not here any more\n");
    }
    postfix
        .set("proxy_read_maps", String.join(" ", tables))
        .set("virtual_mailbox_domains", tables.get(0))
        .set("virtual_mailbox_maps", tables.get(1))
        .set("virtual_alias_maps", tables.get(2))
        .set("canonical_maps", tables.get(3))
        .set("transport_maps", tables.get(4))
        .set("virtual_mailbox_base", mail.toString())
        .set("virtual_uid_maps", "static:" + id("-u"))
        .set("virtual_gid_maps", "static:" + id("-g"))
        .set("smtpd_relay_restrictions", "reject_unauth_destination")
        .service("127.0.0.1:" + port + " inet n - n - - smtpd")
        .service("cleanup unix n - n - 0 cleanup")
        .service("qmgr unix n - n 300 1 qmgr")
        .service("rewrite unix - - n - - trivial-rewrite")
        .service("virtual unix - n n - - virtual")
        .service("error unix - - n - - error")
        .service("bounce unix - - n - 0 bounce")
        .service("defer unix - - n - 0 bounce")
        .service("trace unix - - n - 0 bounce")
        .service("anvil unix - - n - 1 anvil");
    postfix
        .service("proxymap unix - %s %s - 1 postern-proxymap".formatted(unprivileged, chroot))
        .start();
    try (SmtpClient smtp = SmtpClient.connect(port)) {
      assertThat(smtp.recipient("nobody@example.org")).startsWith("550 5.1.1 ");
      assertThat(smtp.recipient("barred@example.org")).startsWith("550 5.1.1 ");
      assertThat(smtp.recipient("info@example.org")).startsWith("250 ");
      assertThat(smtp.data("Subject: through Postern\r\n\r\nhello")).startsWith("250 ");
    }
    Path box = mail.resolve("alice/new");
    try {
      Patience.until(() -> Files.isDirectory(box) && filesIn(box).size() == 1);
    } catch (AssertionError e) {
      throw new AssertionError(postfix.log(), e);
    }
    assertThat(Files.readString(filesIn(box).getFirst()))
        .contains("Return-Path: <Sender@example.com>", "Delivered-To: alice@example.org", "hello");
    assertThat(processes()).hasSize(1);
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static boolean leadsItsProcessGroup(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      String group = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 4)[2];
      return group.equals(Long.toString(process.pid()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the kernel says of every thread: no user, group or capability of root is left. */
  @Test
  void noThreadKeepsAPrivilege() throws Exception {
    start("");
    try (RawClient client = client()) {
      assertThat(ask(client, 1)).isEqualTo(found(1));
      String uid = id("-u");
      String gid = id("-g");
      Path threads = Path.of("/proc", Long.toString(processes().getFirst().pid()), "task");
      List<String> groups = List.of(id("-G").split(" "));
      int count = 0;
      try (Stream<Path> all = Files.list(threads)) {
        for (Path thread : all.toList()) {
          String status;
          try {
            status = Files.readString(thread.resolve("status"));
          } catch (IOException e) {
            assertThat(thread).as("a thread that has ended meanwhile").doesNotExist();
            continue;
          }
          assertThat(line(status, "Uid")).isEqualTo((uid + " ").repeat(4).strip());
          assertThat(line(status, "Gid")).isEqualTo((gid + " ").repeat(4).strip());
          assertThat(line(status, "Groups").split(" ")).containsExactlyInAnyOrderElementsOf(groups);
          assertThat(line(status, "CapPrm")).isEqualTo("0".repeat(16));
          assertThat(line(status, "CapEff")).isEqualTo("0".repeat(16));
          count++;
        }
      }
      assertThat(count).isGreaterThan(5);
    }
  }

  private static String id(String option) throws Exception {
    return Postfix.run(List.of("id", option, "postfix"), "").out().strip();
  }

  private static String line(String status, String name) {
    return status
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip().replaceAll("\\s+", " "))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void withNInTheUnprivColumnItStaysRoot() throws Exception {
    postfix.service("proxymap unix - n n - 1 postern-proxymap").start();
    try (RawClient client = client()) {
      assertThat(ask(client, 1)).isEqualTo(found(1));
      String status =
          Files.readString(Path.of("/proc/" + processes().getFirst().pid() + "/status"));
      assertThat(line(status, "Uid")).isEqualTo("0 0 0 0");
    }
  }

  @Test
  void itLogsWherePostfixDoes() throws Exception {
    start("");
    try (RawClient client = client()) {
      assertThat(client.ask(RawClient.lookup("hash:/etc/other", "k"))).startsWith("status|4|");
    }
    long pid = processes().getFirst().pid();
    Patience.until(() -> postfix.log().contains("list proxy:hash:/etc/other"));
    assertThat(postfix.log())
        .containsPattern(
            "(?m)^[A-Z][a-z]{2} [ 123][0-9] [0-9:]{8} test postfix/proxymap\\["
                + pid
                + "\\]: warning: request for unapproved table: \"hash:/etc/other\"$");
  }

  @Test
  void theNameOfTheLogMayBeGivenInMasterCf() throws Exception {
    start(" -o syslog_name=other");
    try (RawClient client = client()) {
      assertThat(client.ask(RawClient.lookup("hash:/etc/other", "k"))).startsWith("status|4|");
    }
    Patience.until(() -> postfix.log().contains("list proxy:hash:/etc/other"));
    assertThat(postfix.log()).contains(" other/proxymap[").doesNotContain("postfix/proxymap[");
  }

  /** Which master(8) starts without the service's name: it is the command's. */
  @Test
  void itMayBeLinkedAsProxymap() throws Exception {
    Path link = directory.resolve("daemons/proxymap");
    Files.delete(link);
    Files.createSymbolicLink(link, program);
    postfix.service("proxymap unix - - n - 1 proxymap").start();
    try (RawClient client = client()) {
      assertThat(ask(client, 3)).isEqualTo(found(3));
    }
    assertThat(processes()).hasSize(1);
  }

  /** The later {@code -n} counts. */
  @Test
  void itServesInternetSockets() throws Exception {
    int port = PrivatePostfix.freePort();
    postfix.service("127.0.0.1:" + port + " inet n - n - 1 postern-proxymap -n proxymap").start();
    String greetingAndReply = RawClient.GREETING + found(9);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request = RawClient.lookup(table, "key9").replace('|', '\0');
      socket.getOutputStream().write(request.getBytes(ISO_8859_1));
      byte[] answer = socket.getInputStream().readNBytes(greetingAndReply.length());
      assertThat(new String(answer, ISO_8859_1).replace('\0', '|')).isEqualTo(greetingAndReply);
    }
  }

  /** Files and native libraries of each type are found, and files outside are not. */
  @Test
  void inAChrootJailItServesWhatIsInThere() throws Exception {
    Prerequisite.POSTFIX_CDB.mustBeHere();
    Prerequisite.POSTFIX_LMDB.mustBeHere();
    Path jail = Files.createDirectory(postfix.queue().resolve("etc"));
    Files.writeString(jail.resolve("table"), "k indexed\n");
    for (String type : List.of("hash", "cdb", "lmdb")) {
      assertThat(postfix.run("", "postmap", type + ":" + jail + "/table").err()).isEmpty();
    }
    Files.writeString(jail.resolve("tree"), "k indexed\n");
    assertThat(postfix.run("", "postmap", "btree:" + jail + "/tree").err()).isEmpty();
    Files.writeString(jail.resolve("rules"), "/^k/ matched\n");
    Files.writeString(jail.resolve("passwd"), "k:x:1000:1000::/home/k:/bin/sh\n");
    Files.writeString(jail.resolve("nsswitch.conf"), "passwd: files\n");
    Files.copy(
        Path.of(PosternProcess.COMMAND).resolveSibling("../demo/aliases.sqlite").normalize(),
        jail.resolve("db.sqlite"));
    Files.writeString(
        jail.resolve("db.cf"),
        "dbpath = /etc/db.sqlite\nquery = SELECT 'queried' WHERE '%s' = 'k'\n");
    Map<String, String> tables = new LinkedHashMap<>();
    List.of("hash:/etc/table", "btree:etc/tree", "cdb:/etc/table", "lmdb:/etc/table")
        .forEach(each -> tables.put(each, "indexed"));
    tables.put("texthash:/etc/table", "indexed");
    tables.put("regexp:/etc/rules", "matched");
    tables.put("pcre:/etc/rules", "matched");
    tables.put("sqlite:/etc/db.cf", "queried");
    tables.put("unix:passwd.byname", "k:x:1000:1000::/home/k:/bin/sh");
    int port = PrivatePostfix.freePort();
    postfix
        .set(
            "proxy_read_maps",
            "proxy:" + table + " proxy:" + String.join(" proxy:", tables.keySet()))
        .set("postern_http_listen", "127.0.0.1:" + port)
        .service("proxymap unix - - y - 1 postern-proxymap")
        .start();
    try (RawClient client = client()) {
      for (int round = 0; round < 3; round++) {
        tables.forEach((each, value) ->
            assertThat(askUnchecked(client, each))
                .as(each)
                .isEqualTo("status|0|value|" + value + "||"));
      }
      assertThat(ask(client, 1)).as("a file outside").startsWith("status|2|");
      assertThat(services(port)).containsExactly("proxymap");
      assertThat(page(port, "/")).contains("<title>");
      assertThat(page(port, "/metrics")).contains("postern_requests_total{");
    }
    Path process = Path.of("/proc/" + processes().getFirst().pid());
    assertThat(process.resolve("root").toRealPath()).isEqualTo(postfix.queue().toRealPath());
    assertThat(line(Files.readString(process.resolve("status")), "CapEff"))
        .isEqualTo("0".repeat(16));
    assertThat(Files.readAllLines(process.resolve("maps")))
        .as("libraries are those of the installation, and none was unpacked")
        .filteredOn(line -> line.contains(".so"))
        .isNotEmpty()
        .noneMatch(line -> line.endsWith(" (deleted)"));
    Patience.until(() -> postfix.log().contains("table.db: No such file or directory"));
  }

  private static String page(int port, String path) throws IOException {
    try (InputStream page = URI.create("http://127.0.0.1:" + port + path).toURL().openStream()) {
      return new String(page.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String askUnchecked(RawClient client, String table) {
    try {
      return client.ask(RawClient.lookup(table, "k"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatIsNotSupportedIsRefusedInTheLog() throws Exception {
    postfix.service("proxymap unix - - n - 1 postern-proxymap -t pass").start();
    try (RawClient client = RawClient.silent(postfix.socket("proxymap"))) {
      client.send(RawClient.lookup(table, "key1"));
      Patience.until(() -> postfix.log().contains("fatal: "));
    }
    assertThat(postfix.log()).contains("fatal: unsupported transport type: pass");
  }

  @Test
  void anUnknownOptionIsInTheLog() throws Exception {
    postfix.service("proxymap unix - - n - 1 postern-proxymap -Q").start();
    try (RawClient client = RawClient.silent(postfix.socket("proxymap"))) {
      client.send(RawClient.lookup(table, "key1"));
      Patience.until(() -> postfix.log().contains("exit status 1"));
    }
  }

  @Test
  void whatKeepsItFromStartingIsInTheLog() throws Exception {
    postfix.set("postern_pool_size", "many");
    start("");
    try (RawClient client = RawClient.silent(postfix.socket("proxymap"))) {
      client.send(RawClient.lookup(table, "key1"));
      Patience.until(() -> postfix.log().contains("fatal: "));
    }
    assertThat(postfix.log())
        .containsPattern(
            "postfix/proxymap\\[\\d+\\]: fatal: .*main.cf, line \\d+: parameter postern_pool_size: ");
  }

  @Test
  void oneProcessServesACrowd() throws Exception {
    start("");
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        clients.add(client());
      }
      for (int round = 0; round < 10; round++) {
        for (RawClient client : clients) {
          client.send(RawClient.lookup(table, "key" + round));
        }
        for (RawClient client : clients) {
          assertThat(client.receive()).isEqualTo(found(round));
        }
      }
      assertThat(processes()).hasSize(1);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void afterMaxUseClientsAnotherProcessGoesOn() throws Exception {
    start(" -o max_use=10");
    List<Long> pids = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 10; i++) {
        try (RawClient client = client()) {
          assertThat(ask(client, i)).isEqualTo(found(i));
          long pid = processes().getFirst().pid();
          if (pids.isEmpty() || pids.getLast() != pid) {
            pids.add(pid);
          }
        }
      }
      long ended = pids.getLast();
      Patience.until(() -> processes().stream().noneMatch(each -> each.pid() == ended));
    }
    assertThat(pids).hasSize(3);
  }

  @Test
  void withoutClientsItEndsAfterMaxIdle() throws Exception {
    start(" -o max_idle=1");
    try (RawClient client = client()) {
      for (int i = 0; i < 30; i++) {
        assertThat(ask(client, i)).isEqualTo(found(i));
        Thread.sleep(100);
      }
    }
    Patience.until(() -> processes().isEmpty());
    try (RawClient client = client()) {
      assertThat(ask(client, 5)).isEqualTo(found(5));
    }
  }
}
