package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.wire.RawClient;

/**
 * The same requests about mysql, pgsql and sqlite tables to Postfix's proxymap(8) and to Postern,
 * both on one MariaDB, PostgreSQL and file: the bytes of the replies are equal, and what the one
 * warns of, the other does too.
 */
@Timeout(600)
class SqlDifferentialIT {
  /** What a warning says, whatever stands around it: that of an error, up to what has the key. */
  private static final Pattern SUBSTANCE =
      Pattern.compile(
          "mysql query failed: [^\\n]*"
              + "|pgsql query failed: fatal error from host \\S+: ERROR: [^\"\\n?]*"
              + "|SQL (?:prepare|step) failed: [^\\n']*"
              + "|Access denied for user [^\\n]*"
              + "|Unknown database [^\\n]*"
              + "|password authentication failed for user \"[^\"]*\""
              + "|database \"[^\"]*\" does not exist"
              + "|Expansion limit exceeded for key: '[^']*'"
              + "|empty lookup result for: \"[^\"]*\" -- ignored"
              + "|query failed: [a-z ]*result set[a-z ]*");

  /** One process of Postfix has a connection for each table, and is not to have too many. */
  private static final int TABLES_IN_A_PROCESS = 40;

  private static final int TRIES = 50;
  private static final long UNTIL_IT_HAS_ENDED = TimeUnit.MILLISECONDS.toNanos(20);
  private static final String RETRY = "status|2|";

  @TempDir static Path shared;

  private static SqlServers servers;

  @TempDir Path directory;

  private final Requests requests =
      new Requests(Requests.Dialect.valueOf(System.getProperty("postfix.dialect", "OLD")));
  private final Differences differences = new Differences();

  @BeforeAll
  static void start() throws Exception {
    PrivatePostfix.mustBePossible();
    shared.toFile().setExecutable(true, false);
    servers = new SqlServers(shared.resolve("sql"));
  }

  @AfterAll
  static void stop() throws IOException {
    if (servers != null) {
      servers.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql", "sqlite"})
  void repliesAreTheSameAndWarningsAreAlike(String maptype) throws Exception {
    Prerequisite.postfixMustHave(maptype);
    List<SqlTables.Asked> tables = new SqlTables(maptype, servers).tables();
    try (PrivatePostfix postfix = new PrivatePostfix(directory)) {
      postfix.set("max_use", "1"); // a process for each client
      postfix.service("proxymap unix - - n - 1 proxymap");
      StringBuilder approved = new StringBuilder();
      for (SqlTables.Asked asked : tables) {
        approved.append(" proxy:").append(asked.table());
        for (Map.Entry<String, String> parameter : asked.inMainCf().entrySet()) {
          postfix.set(parameter.getKey(), parameter.getValue());
        }
      }
      postfix.set("proxy_read_maps", approved.toString().strip());
      postfix.start();
      try (PosternProcess postern = PosternProcess.serve(postfix.config())) {
        compare(postfix, postern, tables);
      }
    }
  }

  private void compare(PrivatePostfix postfix, PosternProcess postern, List<SqlTables.Asked> tables)
      throws Exception {
    for (int flags : new int[] {64, 540736}) {
      for (int from = 0; from < tables.size(); from += TABLES_IN_A_PROCESS) {
        int to = Math.min(from + TABLES_IN_A_PROCESS, tables.size());
        compare(postfix, tables.subList(from, to), flags);
      }
    }
    differences.assertNone(3000);
    assertThat(tables).hasSizeGreaterThan(90);
    Set<String> missing = substance(postfix.log());
    assertThat(missing).hasSizeGreaterThan(3);
    missing.removeAll(substance(postern.log()));
    assertThat(missing).as("Postfix warns of it, and Postern doesn't").isEmpty();
    assertThat(postern.log()).doesNotContain("s3cr3t", "wr0ng-passw0rd");
  }

  private void compare(PrivatePostfix postfix, List<SqlTables.Asked> tables, int flags)
      throws Exception {
    // One that is about to end takes another client, if that comes before it has ended.
    postfix.restart("proxymap");
    RawClient real = RawClient.connect(postfix.socket("proxymap"));
    try (RawClient ours = RawClient.connect(postfix.socket("postern-proxymap"))) {
      for (SqlTables.Asked asked : tables) {
        List<String> messages = new ArrayList<>();
        messages.add(requests.open(asked.table(), flags));
        asked.keys().forEach(key -> messages.add(requests.lookup(asked.table(), flags, key)));
        for (String message : messages) {
          String expected = answer(postfix, real, message);
          String actual = ours.ask(message);
          for (int i = 0;
              i < TRIES && expected.startsWith(RETRY) && !actual.equals(expected);
              i++) {
            // The process of before, to which the server is down, may have taken this client too.
            real.close();
            LockSupport.parkNanos(UNTIL_IT_HAS_ENDED);
            real = RawClient.connect(postfix.socket("proxymap"));
            expected = answer(postfix, real, message);
          }
          differences.compare(message, expected, actual);
          if (expected.startsWith(RETRY)) {
            // To Postfix the server is down for a minute now.
            real.close();
            real = RawClient.connect(postfix.socket("proxymap"));
          }
        }
      }
    } finally {
      real.close();
    }
  }

  /** proxymap(8) ends when it finds a parameter wrong: such tables are not to be asked. */
  private static String answer(PrivatePostfix postfix, RawClient real, String message)
      throws IOException {
    String reply = real.ask(message);
    if (reply.isEmpty()) {
      String log = postfix.log();
      throw new IOException(message + ": " + log.substring(Math.max(0, log.length() - 2000)));
    }
    return reply;
  }

  private static Set<String> substance(String log) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = SUBSTANCE.matcher(log);
    while (matcher.find()) {
      found.add(matcher.group().replaceAll("[^\\x21-\\x7e]+|\\?+", " ").strip());
    }
    return found;
  }
}
