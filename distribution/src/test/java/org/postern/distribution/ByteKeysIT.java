package org.postern.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.SettledFile;
import org.postern.testkit.TestCertificates;
import org.postern.testkit.wire.RawClient;

/**
 * With {@code smtputf8_enable = no} a key may have any bytes but NUL, which ends it on the wire:
 * tables of every type are asked for such keys, by Postfix's proxymap(8) and by Postern, and the
 * bytes of the replies compared.
 */
@Timeout(300)
class ByteKeysIT {
  private static final int[] FLAGS = {64, 16448};
  private static final String RETRY = "status|2|";
  private static final int RANDOM_KEYS = 20;

  /** One char for each byte. */
  private static final List<String> CHOSEN =
      List.of(
          "ascii@example.com",
          "\u00fc",
          "j\u00fcrgen@example.com",
          "J\u00dcRGEN@EXAMPLE.COM",
          "j\u00c3\u00bcrgen@example.com",
          "x@\u00fc.example.com",
          "\u00fc@other.example",
          "o'\u00fc\\@example.com",
          "'",
          "\"",
          "\\",
          "\\'",
          "a'b\"c\\d`e",
          "'; DROP TABLE alias; -- ",
          "\u00c3'",
          "\u00c3\\",
          "\u00c3\\' OR 1=1 -- ",
          "\u00bf'",
          "\u0095\\",
          "\u0001\u0002\u001b\u007f",
          "tab\tand\nline\r",
          "\u00a0",
          "\u0081\u008d",
          "\u00c0\u00af",
          "\u00ed\u00a0\u0080",
          "\u00f4\u0090\u0080\u0080",
          "\u00ef\u00bb\u00bfkey",
          "\u00ff\u00fe",
          "%s%u%d",
          "_%",
          "*",
          "a*(b)\\00",
          "\u00e4raw",
          "192.0.2.1\u00ff",
          "root\u00ff",
          "key\u00ff");

  @TempDir Path directory;

  private final Requests requests =
      new Requests(Requests.Dialect.valueOf(System.getProperty("postfix.dialect", "OLD")));
  private final Differences differences = new Differences();

  @BeforeAll
  static void postfixIsHere() {
    PrivatePostfix.mustBePossible();
  }

  private static List<String> keys() {
    List<String> keys = new ArrayList<>(CHOSEN);
    Random random = new Random(13);
    for (int i = 0; i < RANDOM_KEYS; i++) {
      StringBuilder key = new StringBuilder();
      for (int length = 1 + random.nextInt(12); length > 0; length--) {
        char c = (char) (1 + random.nextInt(255));
        key.append(c == '|' ? '@' : c); // which is NUL in a message of RawClient's
      }
      keys.add(key.toString());
    }
    return keys;
  }

  private PrivatePostfix postfix(List<String> tables) throws IOException {
    List<String> approved =
        tables.stream().map(table -> "proxy:" + table.replace("$", "$$")).toList();
    return new PrivatePostfix(directory)
        .set("smtputf8_enable", "no")
        .set("max_use", "1") // a process for each client
        .set("proxy_read_maps", String.join(" ", approved))
        .service("proxymap unix - - n - 1 proxymap");
  }

  @Test
  void tablesOfFilesAndOfTablesAnswerTheSame() throws Exception {
    Prerequisite.POSTFIX_CDB.mustBeHere();
    Prerequisite.POSTFIX_LMDB.mustBeHere();
    Prerequisite.POSTFIX_PCRE.mustBeHere();
    SampleTables samples = new SampleTables(directory);
    List<String> tables = new ArrayList<>(samples.openable());
    tables.addAll(
        samples.composite().stream().filter(table -> !table.contains("missing")).toList());
    compare(tables, 2 * 50 * 35);
  }

  @Test
  void sqlTablesAnswerTheSame() throws Exception {
    Prerequisite.POSTFIX_MYSQL.mustBeHere();
    Prerequisite.POSTFIX_PGSQL.mustBeHere();
    Prerequisite.POSTFIX_SQLITE.mustBeHere();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path place = directory.resolve("sql");
    try (SqlServers servers = new SqlServers(place)) {
      List<String> tables = new ArrayList<>();
      for (String type : List.of("mysql", "pgsql", "sqlite")) {
        for (String query :
            List.of(
                "SELECT target FROM alias WHERE address = '%s'",
                "SELECT target FROM alias WHERE '%d' = 'example.com' AND n = 1",
                "SELECT '%s'",
                "SELECT '%u' FROM more WHERE k = 'empty' AND '%u' LIKE 'j%%'")) {
          Path file = place.resolve("bytes%d.cf".formatted(tables.size()));
          SettledFile.write(file, servers.config(type) + "query = " + query + "\n");
          tables.add(type + ":" + file);
        }
      }
      compare(tables, 2 * 50 * 12);
    }
  }

  @Test
  void ldapTablesAnswerTheSame() throws Exception {
    Prerequisite.POSTFIX_LDAP.mustBeHere();
    Prerequisite.SLAPD.mustBeHere();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path place = Files.createDirectory(directory.resolve("ldap"));
    TestCertificates certificates = TestCertificates.make(place);
    try (Slapd slapd = Slapd.start(Files.createDirectory(place.resolve("slapd")), certificates)) {
      List<String> tables = new ArrayList<>();
      for (Map.Entry<String, String> asked :
          Map.of(
                  "(mail=%s)", "dc=example,dc=org",
                  "(&(mail=bob@example.com)(!(cn=%s)))", "dc=example,dc=org",
                  "(mail=bob@%d)", "dc=example,dc=org")
              .entrySet()) {
        Path file = place.resolve("bytes%d.cf".formatted(tables.size()));
        String text =
            "server_host = ldap://127.0.0.1:%d\nbind = no\nsearch_base = %s\nquery_filter = %s\n"
                .formatted(slapd.port(), asked.getValue(), asked.getKey());
        SettledFile.write(file, text);
        tables.add("ldap:" + file);
      }
      compare(tables, 2 * 50 * 3);
    }
  }

  private void compare(List<String> tables, int atLeast) throws Exception {
    try (PrivatePostfix postfix = postfix(tables)) {
      postfix.start();
      try (PosternProcess _ = PosternProcess.serve(postfix.config());
          RawClient ours = RawClient.connect(postfix.socket("postern-proxymap"))) {
        for (int flags : FLAGS) {
          for (String table : tables) {
            compare(postfix, ours, table, flags);
          }
        }
      }
    }
    differences.assertNone(atLeast);
  }

  private void compare(PrivatePostfix postfix, RawClient ours, String table, int flags)
      throws Exception {
    RawClient real = RawClient.connect(postfix.socket("proxymap"));
    try {
      for (String key : keys()) {
        String message = requests.lookup(table, flags, key);
        String expected = real.ask(message);
        differences.compare(message, expected, ours.ask(message));
        if (expected.startsWith(RETRY) || expected.isEmpty()) {
          // To Postfix the server is down for a minute now.
          real.close();
          real = RawClient.connect(postfix.socket("proxymap"));
        }
      }
    } finally {
      real.close();
    }
  }
}
