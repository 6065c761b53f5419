package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.SettledFile;

/**
 * postmap(1) asks through {@code proxy:} and prints the same whether Postern or Postfix's own
 * proxymap(8) is behind.
 */
@Timeout(180)
class PostmapIT {
  @TempDir Path directory;

  private PrivatePostfix postfix;
  private PosternProcess postern;
  private SampleTables tables;

  @BeforeAll
  static void postfixIsHere() {
    PrivatePostfix.mustBePossible();
    Prerequisite.POSTFIX_CDB.mustBeHere();
    Prerequisite.POSTFIX_LMDB.mustBeHere();
    Prerequisite.POSTFIX_PCRE.mustBeHere();
  }

  @BeforeEach
  void start() throws Exception {
    tables = new SampleTables(directory);
    postfix =
        new PrivatePostfix(directory)
            .set("proxy_read_maps", tables.approving())
            .service("proxymap unix - - n - - proxymap");
    postfix.start();
    postern = PosternProcess.serve(postfix.config());
  }

  @AfterEach
  void end() throws IOException {
    postern.close();
    postfix.close();
  }

  @Test
  void aKeyIsFoundOrNotAsThroughProxymap() throws Exception {
    for (String table : tables.openable()) {
      for (String key : List.of("key", "KEY", "empty", "two words", "none", "root", "LANG")) {
        assertSame(table, "", "postmap", "-q", key);
      }
    }
  }

  @Test
  void keysFromStandardInputAreFoundAsThroughProxymap() throws Exception {
    for (String table : tables.openable()) {
      // Without the key whose value is not UTF-8: postmap ends at it, whoever finds that out.
      String keys =
          Requests.keys(table).stream()
              .filter(key -> !key.equals("latin1"))
              .map(key -> key + "\n")
              .collect(Collectors.joining());
      assertSame(table, keys, "postmap", "-q", "-");
    }
  }

  @Test
  void aTableThatCannotBeOpenedIsAnErrorAndNotAnAbsentKey() throws Exception {
    for (String table : tables.broken()) {
      if (table.startsWith("inline:")) {
        continue; // its braces do not match, so that it cannot be approved
      }
      Postfix.Outcome outcome = ask("postern-proxymap", "", table, "postmap", "-q", "key");
      assertThat(outcome.out()).as(table).isEmpty();
      assertThat(outcome.err()).as(table).contains("proxy:" + table + ": query error");
      assertThat(outcome.status()).as(table).isNotZero();
    }
  }

  @Test
  void aTableThatIsNotApprovedEndsPostmapWithTheNameOfTheService() throws Exception {
    String table = "hash:" + directory + "/unapproved";
    Postfix.Outcome outcome = ask("postern-proxymap", "", table, "postmap", "-q", "key");
    assertThat(outcome.status()).isNotZero();
    assertThat(outcome.err())
        .contains("postern-proxymap service is not configured for table \"hash:");
    assertThat(postern.log())
        .contains(
            "warning: request for unapproved table: \"" + table + "\"",
            "warning: to approve this table for read-only access, list proxy:%s in main.cf:proxy_read_maps"
                .formatted(table));
  }

  private void assertSame(String table, String input, String... command) throws Exception {
    Postfix.Outcome expected = ask("proxymap", input, table, command);
    Postfix.Outcome actual = ask("postern-proxymap", input, table, command);
    assertThat(actual.out()).as(table + " " + command[2]).isEqualTo(expected.out());
    assertThat(actual.status()).as(table + " " + command[2]).isEqualTo(expected.status());
  }

  /**
   * What a command says of a table with one or the other server behind. Each has a main.cf of its
   * own: Postfix waits before it reads one that was changed just now.
   */
  private Postfix.Outcome ask(String service, String input, String table, String... command)
      throws Exception {
    Path config = directory.resolve("conf-" + service);
    if (!Files.exists(config)) {
      Files.createDirectory(config);
      SettledFile.write(
          config.resolve("main.cf"),
          Files.readString(postfix.config().resolve("main.cf"))
              + "proxymap_service_name = "
              + service
              + "\n");
    }
    return Postfix.run(
        List.of(command[0], command[1], command[2], "proxy:" + table),
        input,
        Map.of("MAIL_CONFIG", config.toString()));
  }
}
