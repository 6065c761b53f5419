package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands, as they are typed: what they print, and their exit status. */
@Timeout(120)
class CommandsIT {
  @TempDir Path directory;

  private Path config;
  private Path queue;
  private SampleTables tables;

  @BeforeEach
  void configure() throws IOException {
    tables = new SampleTables(directory);
    config = Files.createDirectories(directory.resolve("conf"));
    queue = directory.resolve("queue");
    Files.createDirectories(queue.resolve("private"));
    approve(tables.approving());
    PosternProcess.mayChange(directory);
  }

  private void approve(String readMaps) throws IOException {
    Files.writeString(
        config.resolve("main.cf"),
        """
        compatibility_level = 3.6
        queue_directory = %s
        proxy_read_maps = %s
        proxy_write_maps =
        """
            .formatted(queue, readMaps));
  }

  private String hash() {
    return "hash:" + directory + "/hash/table";
  }

  private Postfix.Outcome postern(String... arguments) throws Exception {
    return posternWithInput("", arguments);
  }

  private static Postfix.Outcome posternWithInput(String input, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(PosternProcess.COMMAND));
    command.addAll(List.of(arguments));
    return Postfix.run(command, input);
  }

  private Postfix.Outcome query(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("query", "-c", config.toString()));
    command.addAll(List.of(arguments));
    return posternWithInput("", command.toArray(String[]::new));
  }

  @Test
  void queryAnswersAsPostmapDoes() throws Exception {
    try (PosternProcess _ = PosternProcess.serve(config)) {
      assertThat(query(hash(), "key")).isEqualTo(new Postfix.Outcome(0, "value\n", ""));
      assertThat(query(hash(), "KEY")).isEqualTo(new Postfix.Outcome(0, "value\n", ""));
      assertThat(query("-f", hash(), "KEY")).isEqualTo(new Postfix.Outcome(1, "", ""));
      assertThat(query(hash(), "none")).isEqualTo(new Postfix.Outcome(1, "", ""));
      assertThat(query(hash(), "none", "key", "nothing"))
          .isEqualTo(new Postfix.Outcome(0, "key\tvalue\n", ""));
      assertThat(
              posternWithInput("none\nkey\n\nKEY", "query", "-c", config.toString(), hash(), "-"))
          .isEqualTo(new Postfix.Outcome(0, "key\tvalue\nKEY\tvalue\n", ""));
    }
  }

  @Test
  void queryWalksATable() throws Exception {
    try (PosternProcess _ = PosternProcess.serve(config)) {
      Postfix.Outcome walk = query("--all", "inline:{key=value,{spaced = two words},UPPER=u}");
      assertThat(walk.out().lines())
          .containsExactlyInAnyOrder("key\tvalue", "spaced\ttwo words", "upper\tu");
      assertThat(walk.status()).isZero();
    }
  }

  @Test
  void queryTellsAnErrorFromAnAbsentKey() throws Exception {
    try (PosternProcess _ = PosternProcess.serve(config)) {
      Postfix.Outcome unavailable = query("hash:" + directory + "/hash/missing", "key");
      assertThat(unavailable.status()).isOne();
      assertThat(unavailable.out()).isEmpty();
      assertThat(unavailable.err()).contains("hash/missing", "cannot answer now");
      Postfix.Outcome denied = query("hash:/unapproved", "key");
      assertThat(denied.status()).isOne();
      assertThat(denied.err()).contains("hash:/unapproved", "not approved");
    }
    Postfix.Outcome nobodyThere = query(hash(), "key");
    assertThat(nobodyThere.status()).isOne();
    assertThat(nobodyThere.err()).contains(queue + "/private/postern-proxymap");
  }

  @Test
  void queryAsksPostfixsOwnServer() throws Exception {
    PrivatePostfix.mustBePossible();
    try (PrivatePostfix postfix =
        new PrivatePostfix(Files.createDirectory(directory.resolve("p")))) {
      postfix
          .set("proxy_read_maps", tables.approving())
          .service("proxymap unix - - n - 1 proxymap");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      postfix.start();
      String socket = postfix.socket("proxymap").toString();
      assertThat(query("-s", socket, hash(), "KEY"))
          .isEqualTo(new Postfix.Outcome(0, "value\n", ""));
      assertThat(query("-s", socket, hash(), "none")).isEqualTo(new Postfix.Outcome(1, "", ""));
      assertThat(query("-s", socket, "--all", "btree:" + directory + "/btree/table").out())
          .contains("key\tvalue\n");
    }
  }

  @Test
  void checkNamesWhatIsWrongAndTheLineToWrite() throws Exception {
    Postfix.Outcome outcome = postern("check", "-c", config.toString());
    assertThat(outcome.status()).isOne();
    assertThat(outcome.out().lines().filter(line -> line.contains(" " + hash() + "  ")))
        .singleElement()
        .asString()
        .contains(
            "proxymap", "berkeleydb", "OK", "proxy_read_maps (" + config + "/main.cf, line 3)");
    assertThat(outcome.out())
        .contains("hash/missing.db", "No such file or directory")
        .contains("unsupported dictionary type: nosuchtype; install a plugin")
        .containsPattern("\\d+ things to fix");
  }

  @Test
  void checkNamesTheMembersThatAreToBeMended() throws Exception {
    String inner = "pipemap:{static:x hash:" + directory + "/hash/missing}";
    approve("proxy:unionmap:{" + hash() + " " + inner + " nosuchtype:x} proxy:debug:" + hash());
    Postfix.Outcome outcome = postern("check", "-c", config.toString());
    assertThat(outcome.status()).isOne();
    assertThat(outcome.out())
        .containsPattern("unionmap:.* +composite +wrong ")
        .contains(
            "member hash:" + directory + "/hash/missing: open database ",
            "member nosuchtype:x: unsupported dictionary type: nosuchtype; install a plugin")
        .containsPattern("debug:hash:.* +composite +OK ")
        .contains("2 things to fix");
  }

  @Test
  void checkNamesTheTypeToMoveToFromOneThatNobodyServesAnyMore() throws Exception {
    approve("proxy:sdbm:/etc/postfix/old proxy:nis:mail.aliases");
    assertThat(postern("check", "-c", config.toString()).out())
        .contains("\"postern map lmdb:/etc/postfix/old\" and list it as lmdb:/etc/postfix/old")
        .contains("(ypcat -k mail.aliases) and list that as texthash:/file/name");
  }

  @Test
  void checkNamesTablesThatAreListedButNotApproved() throws Exception {
    approve(hash() + " proxy:static:fixed");
    Postfix.Outcome outcome = postern("check", "-c", config.toString());
    assertThat(outcome.out()).contains("not proxied", "proxy:" + hash(), "all is well");
    assertThat(outcome.status()).isZero();
  }

  @Test
  void checkNamesTheLineOfAMistake() throws Exception {
    Files.writeString(config.resolve("main.cf"), "queue_directory = /tmp\nno equals sign\n");
    Postfix.Outcome outcome = postern("check", "-c", config.toString());
    assertThat(outcome.status()).isNotZero();
    assertThat(outcome.out() + outcome.err()).contains(config + "/main.cf", "line 2");
  }

  @Test
  void pluginsListsWhatIsLoaded() throws Exception {
    Postfix.Outcome outcome = postern("plugins", "-c", config.toString());
    assertThat(outcome.status()).isZero();
    assertThat(outcome.out())
        .containsPattern("berkeleydb +0\\.1\\.0 .* btree hash ")
        .contains("environ fail inline internal static texthash", "unix");
  }

  @Test
  void demoAsksEveryType() throws Exception {
    Postfix.Outcome outcome = postern("demo", "--once");
    assertThat(outcome.status()).isZero();
    assertThat(outcome.out().lines().filter(line -> line.contains("environ:")))
        .singleElement()
        .asString()
        .endsWith("\"C.UTF-8\"");
    assertThat(outcome.out())
        .contains("\"alice, bob\"", "\"root:x:0:0:", "\"The sales team\"")
        .contains("\"smtp:[mail.example.net]\"", "\"alice, bob,postmaster\"");
  }

  @Test
  void demoAsksEveryTypeInAnInstallationWhoseNameHasASpace() throws Exception {
    Path program = Path.of(PosternProcess.COMMAND).toRealPath();
    String here = program.resolveSibling("..").normalize().toString();
    Path home = directory.resolve("in here");
    assertThat(Postfix.run(List.of("cp", "-a", here, home.toString()), "").err()).isEmpty();
    Postfix.Outcome outcome =
        Postfix.run(List.of(home.resolve("bin/postern").toString(), "demo", "--once"), "");
    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("\"smtp:[mail.example.net]\"", "\"alice, bob,postmaster\"");
  }

  @Test
  void demoAsksDatabases() throws Exception {
    Postfix.Outcome outcome = postern("demo", "--once", "--databases");
    assertThat(outcome.status()).as(outcome.err()).isZero();
    for (String type : List.of("mysql", "pgsql", "ldap")) {
      assertThat(outcome.out().lines().filter(line -> line.startsWith(type + ":")))
          .as(type)
          .anyMatch(line -> line.contains(" \"alice"))
          .anyMatch(line -> line.endsWith("not found"));
    }
  }

  @Test
  void theProgramTellsItsVersionAndItsCommands() throws Exception {
    assertThat(postern("--version").out()).startsWith("postern 0.1.0");
    assertThat(postern("--help").out()).contains("serve", "query", "check", "demo", "plugins");
  }

  @Test
  void serveEndsWhenAskedToAndRemovesItsSockets() throws Exception {
    try (PosternProcess postern = PosternProcess.serve(config)) {
      assertThat(queue.resolve("private/postern-proxymap")).exists();
      assertThat(queue.resolve("private/postern-proxywrite")).exists();
      assertThat(postern.end()).isZero();
    }
    assertThat(queue.resolve("private/postern-proxymap")).doesNotExist();
    assertThat(queue.resolve("private/postern-proxywrite")).doesNotExist();
  }

  @Test
  void whomRootStartsIsMailOwnerFromThenOn() throws Exception {
    try (PosternProcess postern = PosternProcess.serve(config)) {
      assertThat(query(hash(), "key").out()).isEqualTo("value\n");
      String user = System.getProperty("user.name");
      assertThat(postern.handle().info().user())
          .hasValue(user.equals("root") ? PosternProcess.OWNER : user);
    }
  }

  @Test
  void theLogMayBeJson() throws Exception {
    try (PosternProcess postern = PosternProcess.serve(config, "-o", "postern_log_json=yes")) {
      query("hash:/nope", "key");
      postern.end();
      List<String> lines = postern.log().lines().toList();
      assertThat(lines).isNotEmpty().allMatch(line -> line.matches("\\{\"timestamp\":\\d+,.*}"));
      assertThat(lines)
          .anyMatch(line ->
              line.contains("\"level\":\"WARN\"")
                  && line.contains(
                      "\"formattedMessage\":\"request for unapproved table: \\\"hash:\\/nope\\\"\""));
    }
  }

  @Test
  void aSecondServerOnALiveSocketDoesNotStart() throws Exception {
    try (PosternProcess _ = PosternProcess.serve(config)) {
      Postfix.Outcome second = postern("serve", "-c", config.toString());
      assertThat(second.status()).isNotZero();
      assertThat(second.err())
          .contains(queue + "/private/postern-proxymap", "another server listens there");
      assertThat(query(hash(), "key").out()).as("the first goes on").isEqualTo("value\n");
    }
  }

  @Test
  void aServerThatWasKilledLeavesASocketThatTheNextReplaces() throws Exception {
    PosternProcess killed = PosternProcess.serve(config);
    killed.close();
    assertThat(queue.resolve("private/postern-proxymap")).exists();
    try (PosternProcess _ = PosternProcess.serve(config)) {
      assertThat(query(hash(), "key").out()).isEqualTo("value\n");
    }
  }

  @Test
  void checkMakesNoTableWhoseFileIsMissing() throws Exception {
    Files.createFile(config.resolve("absent")); // its source, say
    Files.writeString(
        config.resolve("main.cf"),
        "proxy_write_maps = proxy:btree:" + config + "/absent\n",
        StandardOpenOption.APPEND);
    Postfix.Outcome check = postern("check", "-c", config.toString());
    assertThat(check.out()).contains("open database " + config + "/absent.db: No such file");
    assertThat(config.resolve("absent.db")).doesNotExist();
  }

  @Test
  void hangUpReadsTheConfigurationAgainAndKeepsTheOldOneWhenItIsBad() throws Exception {
    approve("proxy:static:one");
    try (PosternProcess postern = PosternProcess.serve(config)) {
      assertThat(query("static:two", "key").err()).contains("not approved");
      approve("proxy:static:one proxy:static:two");
      hangUp(postern, "configuration");
      assertThat(query("static:two", "key").out()).isEqualTo("two\n");
      Files.writeString(config.resolve("main.cf"), "no equals sign\n");
      hangUp(postern, "main.cf, line 1");
      assertThat(query("-s", queue + "/private/postern-proxymap", "static:two", "key").out())
          .isEqualTo("two\n");
    }
  }

  private static void hangUp(PosternProcess postern, String logged) throws Exception {
    Postfix.signal("HUP", postern.handle().pid());
    for (int i = 0; i < 100 && !postern.log().contains(logged); i++) {
      Thread.sleep(50);
    }
    assertThat(postern.log()).contains(logged);
  }
}
