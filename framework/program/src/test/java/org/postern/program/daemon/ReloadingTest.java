package org.postern.program.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.Configuration;
import org.postern.testkit.LogLines;
import org.postern.testkit.Patience;
import org.postern.testkit.wire.RawClient;

/** The files of the configuration change while a daemon serves. */
@Timeout(60)
class ReloadingTest {
  private static final String DENIED = "status|4|value|||";

  @TempDir Path directory;

  private final TestTables tables = new TestTables();
  private LogLines log;
  private Daemon daemon;
  private Reloading reloading;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    log = new LogLines();
    main("proxy:echo:x");
    Configuration read = read();
    daemon = Daemon.start(read, tables.drivers());
    reloading = new Reloading(daemon, read, this::read).watching();
    client = RawClient.connect(directory.resolve("read"));
  }

  private Configuration read() {
    return Configuration.read(directory, Map.of());
  }

  @AfterEach
  void end() throws Exception {
    client.close();
    reloading.close();
    daemon.drain();
    log.close();
  }

  private String main(String tables, String... more) throws IOException {
    String content =
        "queue_directory = %s\ncompatibility_level = 3.6\npostern_proxymap_socket = read\npostern_proxywrite_socket =\nproxy_read_maps = %s\n%s"
            .formatted(directory, tables, String.join("", more));
    replace("main.cf", content);
    return content;
  }

  /** As postconf(1) does; the file looks as if that were some seconds ago. */
  private void replace(String name, String content) throws IOException {
    Path written = Files.writeString(directory.resolve(name + ".new"), content, ISO_8859_1);
    Files.setLastModifiedTime(written, FileTime.from(Instant.now().minusSeconds(10)));
    Files.move(written, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private static String found(String value) {
    return "status|0|value|" + value + "||";
  }

  @Test
  void aRequestIsNotDeniedThatTheFilesOnDiskApprove() throws Exception {
    assertThat(client.ask(lookup("echo:y", "k"))).isEqualTo(DENIED);
    for (int i = 0; i < 30; i++) {
      main("proxy:echo:x proxy:echo:" + i);
      assertThat(client.ask(lookup("echo:" + i, "k"))).isEqualTo(found("k"));
    }
    assertThat(log.lines()).filteredOn(line -> line.contains("unapproved table")).hasSize(1);
  }

  @Test
  void aChangeThatNobodyAsksForTakesEffect() throws Exception {
    main("proxy:parameter:one", "one = 1\n");
    assertThat(client.ask(lookup("parameter:one", "k"))).isEqualTo(found("1"));
    main("proxy:parameter:one", "one = 2\n");
    Patience.until(() -> client.ask(lookup("parameter:one", "k")).equals(found("2")));
  }

  /** A program of Postfix goes by what main.cf said when it was started. */
  @Test
  void whatIsNoLongerListedStaysApprovedUntilAnOperatorSaysThatAllIsReloaded() throws Exception {
    main("proxy:echo:y");
    assertThat(client.ask(lookup("echo:y", "k"))).isEqualTo(found("k"));
    main("proxy:echo:z");
    assertThat(client.ask(lookup("echo:z", "k"))).isEqualTo(found("k"));
    assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo(found("k"));
    assertThat(client.ask(lookup("echo:y", "k"))).isEqualTo(found("k"));
    // What is approved can be asked for before the line is logged.
    log.await(
        "INFO the configuration has been read again ("
            + directory
            + "/main.cf has changed): proxy_read_maps ("
            + directory
            + "/main.cf, line 5) has changed; 1 more table is approved; 1 table is no longer"
            + " listed, but approved until SIGHUP, \"postern reload\" or a restart");
    Reloaded reloaded = reloading.reload();
    assertThat(reloaded.tables())
        .containsExactly(
            "echo:z is approved now, for proxymap", "echo:x is no longer approved, for proxymap");
    assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo(DENIED);
    assertThat(client.ask(lookup("echo:y", "k"))).isEqualTo(DENIED);
    assertThat(client.ask(lookup("echo:z", "k"))).isEqualTo(found("k"));
  }

  @Test
  void aFileThatAListNamesIsLookedAtToo() throws Exception {
    replace("list", "proxy:echo:one\n");
    main(directory + "/list");
    assertThat(client.ask(lookup("echo:one", "k"))).isEqualTo(found("k"));
    replace("list", "proxy:echo:two\n");
    assertThat(client.ask(lookup("echo:two", "k"))).isEqualTo(found("k"));
    replace("postern.cf", "proxy_read_maps = proxy:echo:three\n");
    assertThat(client.ask(lookup("echo:three", "k"))).isEqualTo(found("k"));
    assertThat(client.ask(lookup("echo:four", "k"))).isEqualTo(DENIED);
    assertThat(log.warnings())
        .contains(
            "WARN to approve this table for read-only access, list proxy:echo:four in"
                + " postern.cf:proxy_read_maps");
  }

  @Test
  void aMistakeLeavesWhatWasLoadedAndIsLoggedOnceAndInTheAdvice() throws Exception {
    main("proxy:echo:x proxy:echo:y", "postern_connection_limit = many\n");
    for (int i = 0; i < 20; i++) {
      assertThat(client.ask(lookup("echo:y", "k"))).isEqualTo(DENIED);
      assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo(found("k"));
    }
    assertThat(log.lines()).filteredOn(line -> line.contains("stays as it was")).hasSize(1);
    assertThat(log.warnings())
        .anyMatch(line ->
            line.startsWith("WARN the configuration on disk has not been loaded: ")
                && line.contains("parameter postern_connection_limit"))
        .noneMatch(line -> line.startsWith("WARN to approve this table"));
    main("proxy:echo:x proxy:echo:y");
    assertThat(client.ask(lookup("echo:y", "k"))).isEqualTo(found("k"));
  }

  /** An editor, or scp(1), that writes into the file, and takes its time. */
  @Test
  void whatIsHalfWrittenIsNotReadUntilItIsWhole() throws Exception {
    String whole = main("proxy:echo:x proxy:echo:y");
    assertThat(client.ask(lookup("echo:y", "k"))).isEqualTo(found("k"));
    Path file = directory.resolve("main.cf");
    Files.writeString(file, "");
    int half = whole.indexOf(" proxy:echo:y");
    Files.writeString(file, whole.substring(0, half));
    assertThat(client.ask(lookup("echo:y", "k"))).isEqualTo(found("k"));
    Files.writeString(
        file,
        whole.substring(half, whole.length() - 1) + " proxy:echo:z\n",
        StandardOpenOption.APPEND);
    assertThat(client.ask(lookup("echo:z", "k"))).isEqualTo(found("k"));
    assertThat(log.lines()).noneMatch(line -> line.contains("no longer listed"));
  }

  @Test
  void aMainCfThatIsGoneOrEmptyApprovesNothingLess() throws Exception {
    replace("postern.cf", "postern_proxymap_socket = read\n");
    replace("main.cf", "# nothing\n");
    Patience.until(() -> log.lines().stream().anyMatch(line -> line.contains("nothing is set")));
    assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo(found("k"));
    Files.delete(directory.resolve("main.cf"));
    assertThat(client.ask(lookup("echo:y", "k"))).isEqualTo(DENIED);
    assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo(found("k"));
  }

  @Test
  void onlyTablesWithOtherParametersAreOpenedAgain() throws Exception {
    String approved = "proxy:echo:x proxy:parameter:one proxy:parameter:two";
    main(approved, "one = 1\ntwo = 2\n");
    assertThat(client.ask(lookup("parameter:one", "k"))).isEqualTo(found("1"));
    assertThat(client.ask(lookup("parameter:two", "k"))).isEqualTo(found("2"));
    assertThat(client.ask(lookup("echo:x", "k"))).isEqualTo(found("k"));
    assertThat(tables.opened).hasValue(3);
    reloading.signalled();
    main(approved, "one = 1\ntwo = $three\nthree = 3\nfour = 4\n");
    Patience.until(() -> client.ask(lookup("parameter:two", "k")).equals(found("3")));
    main(approved, "one = 1\ntwo = $three\nthree = 33\nfour = 4\n");
    Patience.until(() -> client.ask(lookup("parameter:two", "k")).equals(found("33")));
    assertThat(tables.opened).hasValue(5);
    assertThat(openedAgain()).hasSize(2).allMatch(line -> line.contains("parameter:two"));
    assertThat(log.lines())
        .contains("INFO the configuration has been read again (SIGHUP): nothing has changed");
  }

  private List<String> openedAgain() {
    return log.lines().stream().filter(line -> line.contains("has changed -- opened")).toList();
  }
}
