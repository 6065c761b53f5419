package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.TestCertificates;
import org.postern.testkit.wire.RawClient;

/**
 * The same requests about ldap tables to Postfix's proxymap(8) and to Postern, both on one
 * slapd(8): the bytes of the replies are equal, and what the one warns of, the other does too.
 */
@Timeout(300)
class LdapDifferentialIT {
  /** What a warning says, whatever stands around it. */
  private static final Pattern SUBSTANCE =
      Pattern.compile(
          "Search error -?\\d+: [^\\n]*?(?=[ ]*\\n)"
              + "|Expansion limit exceeded for key: '[^']*'"
              + "|Recursion limit exceeded for special attribute \\S+=\\S+"
              + "|Search base '[^']*' not found: 32: No such object"
              + "|Unable to bind to server \\S+ with dn [^\\n]*?: \\d+ \\([^)]*\\)"
              + "|DN \\S+ not found, skipping"
              + "|search error -?\\d+: [A-Za-z ]+?(?= for |[ ]*\\n)"
              + "|malformed URL \\S+"
              + "|table\\d+\\.cf:? (?:ignoring \\w+|Unrecognized [^\\n]*|Unknown [^\\n]*"
              + "|Fixed query_filter [^\\n]*)"
              + "|empty lookup result for: \"[^\"]*\" -- ignored");

  @TempDir static Path shared;
  private static TestCertificates certificates;

  @TempDir Path directory;

  private final Requests requests =
      new Requests(Requests.Dialect.valueOf(System.getProperty("postfix.dialect", "OLD")));
  private Slapd slapd;
  private LdapTables tables;
  private PrivatePostfix postfix;
  private PosternProcess postern;

  @BeforeAll
  static void postfixAndSlapdAreHere() throws Exception {
    PrivatePostfix.mustBePossible();
    Prerequisite.POSTFIX_LDAP.mustBeHere();
    Prerequisite.SLAPD.mustBeHere();
    certificates = Slapd.certificates(shared);
  }

  @BeforeEach
  void start() throws Exception {
    postfix = new PrivatePostfix(directory);
    slapd = Slapd.start(Files.createDirectory(directory.resolve("slapd")), certificates);
    tables = new LdapTables(directory.resolve("tables"), slapd);
    postfix
        .set("proxy_read_maps", tables.approving())
        .set("proxy_write_maps", "proxy:" + tables.tables().getFirst().table())
        .service("proxymap unix - - n - 1 proxymap")
        .service("proxywrite unix - - n - 1 proxymap");
    postfix.start();
    postern = PosternProcess.serve(postfix.config());
  }

  @AfterEach
  void end() throws IOException {
    slapd.close();
    postfix.close();
    postern.close();
  }

  @Test
  void repliesAreTheSameAndWarningsAreAlike() throws Exception {
    Differences differences = new Differences();
    for (int flags : new int[] {64, 540736}) {
      postfix.restart("proxymap");
      try (RawClient real = RawClient.connect(postfix.socket("proxymap"));
          RawClient ours = RawClient.connect(postfix.socket("postern-proxymap"))) {
        for (LdapTables.Asked asked : tables.tables()) {
          List<String> messages = new ArrayList<>();
          messages.add(requests.open(asked.table(), flags));
          asked.keys().forEach(key -> messages.add(requests.lookup(asked.table(), flags, key)));
          for (String message : messages) {
            differences.compare(message, answer(real, message), ours.ask(message));
          }
        }
      }
    }
    differences.assertNone(4000);
    Set<String> missing = substance(postfix.log());
    missing.removeIf(LdapDifferentialIT::isSaidOtherwise);
    assertThat(missing).hasSizeGreaterThan(20);
    missing.removeAll(substance(postern.log()));
    assertThat(missing).as("Postfix warns of it, and Postern doesn't").isEmpty();
    assertThat(postern.log()).doesNotContain("readerpw");
  }

  @Test
  void cannotBeWritten() throws Exception {
    String table = tables.tables().getFirst().table();
    for (String service : List.of("proxymap", "proxywrite")) {
      try (RawClient real = RawClient.connect(postfix.socket(service));
          RawClient ours = RawClient.connect(postfix.socket("postern-" + service))) {
        for (String message :
            List.of(
                requests.open(table, 64),
                requests.lookup(table, 64, "bob@example.com"),
                requests.lookup(table, 64, "nobody@example.com"),
                requests.update(table, 64, "bob@example.com", "value"),
                requests.delete(table, 64, "bob@example.com"))) {
          assertThat(ours.ask(message)).as(service + " " + message).isEqualTo(real.ask(message));
        }
      }
    }
  }

  /** proxymap(8) ends when it finds a parameter wrong: such tables are not to be asked. */
  private String answer(RawClient real, String message) throws IOException {
    try {
      return real.ask(message);
    } catch (IOException e) {
      String log = postfix.log();
      throw new IOException(message + ": " + log.substring(Math.max(0, log.length() - 2000)), e);
    }
  }

  /**
   * Of a server that cannot be reached, Postern says more. It does not send a filter that is empty,
   * nor a name without a password, which some servers would take for nobody's.
   */
  private static boolean isSaidOtherwise(String text) {
    return text.startsWith("Search error -1:")
        || text.equals("Search error 2: Protocol error")
        || text.equals("Search error 10: Referral") // ours names the reference, and the reason
        || text.endsWith(": 53 (Server is unwilling to perform)");
  }

  private static Set<String> substance(String log) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = SUBSTANCE.matcher(log);
    while (matcher.find()) {
      found.add(matcher.group().replaceFirst("^(table\\d+\\.cf):? ", "$1 "));
    }
    return found;
  }
}
