package org.postern.driver.sql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.platform.text.ByteText;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.Postmap;
import org.postern.testkit.SettledFile;
import org.postern.testkit.TestOpening;
import org.postern.testservers.MariaDb;

/**
 * Postfix's postmap(1), with {@code smtputf8_enable = no}, and this driver, where keys or values
 * are not UTF-8, or are so at the server only. Keys and answers are byte strings.
 */
@Timeout(120)
class BytesComparisonTest {
  private static final List<String> KEYS =
      List.of(
          "j\u00c3\u00bcrgen@example.com",
          "j\u00fcrgen@example.com",
          "ascii@example.com",
          "o'\u00fc\\@example.com",
          "back\\slash@example.com",
          "o'\u00c3\u00bc\\\\@example.com",
          "\\",
          "\\\u00c3\u00bc\\",
          "\u00ff@example.com",
          "x@\u00fc.example.com",
          "1",
          "7");

  @TempDir Path directory;

  @Test
  void mysqlAnswersWithTheBytesThatTheLibraryGets() throws Exception {
    MariaDb server = MariaDb.shared();
    server.execute(
        "CREATE OR REPLACE TABLE mail.kinds (k VARCHAR(99) COLLATE utf8mb4_bin, n INT,"
            + " l1 VARCHAR(99) CHARACTER SET latin1, u16 VARCHAR(99) CHARACTER SET utf16,"
            + " u2 VARCHAR(99) CHARACTER SET ucs2, u32 VARCHAR(99) CHARACTER SET utf32,"
            + " cyrillic VARCHAR(99) CHARACTER SET cp1251, b VARBINARY(99), u8 VARCHAR(99))",
        "INSERT INTO mail.kinds VALUES"
            + " ('j\u00fcrgen@example.com',1,'j\u00fcrgen','j\u00fcrgen\ud83d\ude00','j\u00fcrgen','j\u00fc','\u044e\u0440',"
            + "X'6AFC72','\u4e2d'),"
            + "('ascii@example.com',7,'a','a','a','a','a',X'61006263','a')",
        "CREATE OR REPLACE TABLE mail.postfixadmin (k VARCHAR(99), v VARCHAR(99)) CHARSET latin1",
        "INSERT INTO mail.postfixadmin VALUES ('j\u00fcrgen@example.com','j\u00fcrgen@example.com')");
    server.execute(
        "CREATE OR REPLACE TABLE mail.indexed (address VARCHAR(99) PRIMARY KEY, l1 VARCHAR(99)"
            + " CHARACTER SET latin1, u16 VARCHAR(99) CHARACTER SET utf16, bytes VARBINARY(99),"
            + " KEY (l1), KEY (u16), KEY (bytes)) COLLATE utf8mb4_unicode_ci",
        "INSERT INTO mail.indexed SELECT *, address, address, address FROM (SELECT"
            + " CONCAT(seq, 'x@example.com') AS address FROM seq_1_to_1000) AS numbers",
        "INSERT INTO mail.indexed (address) VALUES ('back\\\\slash@example.com'), ('\\\\'),"
            + " ('@example.com'), ('o''\u00fc\\\\\\\\@example.com')",
        "UPDATE mail.indexed SET l1 = address, u16 = address, bytes = address WHERE l1 IS NULL");
    String config = server.config();
    compare(
        "mysql",
        config,
        List.of(
            "SELECT l1, u16, u2, u32, cyrillic, u8 FROM kinds WHERE k = '%s'",
            "SELECT b FROM kinds WHERE k = '%s'",
            "SELECT v FROM postfixadmin WHERE k = '%s'",
            "SELECT n FROM kinds WHERE '%d' = 'example.com' ORDER BY n",
            "SELECT CONCAT('%u', ' at ', '%d'), \"%s\"",
            "SELECT CONCAT('%s', 'x'), @@collation_connection",
            "SELECT REPLACE('%s', 'e', '%u'), '%s' = 'x', '%s' < 'x', IF('%s' = '', 'a', '%s')",
            "SELECT '%s' FROM DUAL WHERE '%s' LIKE '%%@example.com' UNION SELECT 'x'",
            "SELECT 1, address FROM indexed WHERE address = '%s' UNION ALL"
                + " SELECT 2, l1 FROM indexed WHERE l1 = '%s' UNION ALL"
                + " SELECT 3, address FROM indexed WHERE address LIKE '%s%%' UNION ALL"
                + " SELECT 4, address FROM indexed WHERE address IN ('%s', '@%d') UNION ALL"
                + " SELECT 5, address FROM indexed WHERE bytes = '%s' UNION ALL"
                + " SELECT 6, address FROM indexed WHERE u16 = '%s' ORDER BY 1, 2",
            "EXPLAIN SELECT * FROM indexed WHERE address = '%s' UNION"
                + " SELECT * FROM indexed WHERE l1 = '%s' UNION"
                + " SELECT * FROM indexed WHERE u16 = '%s' UNION"
                + " SELECT * FROM indexed WHERE bytes = '%s' UNION"
                + " SELECT * FROM indexed WHERE address LIKE '%s%%'",
            "SELECT l1 FROM kinds WHERE k = _utf8mb4 '%s'",
            "SELECT {d '2020-01-02'}, '?' FROM kinds WHERE k = '%s'",
            "SELECT v FROM postfixadmin WHERE v = '%s' COLLATE utf8mb4_bin"));
    for (String charset : List.of("latin1", "ascii")) {
      // Postfix 3.7 knows no charset; the library has it from a file.
      Path options = directory.resolve(charset + ".cnf");
      Files.writeString(options, "[client]\ndefault-character-set = " + charset + "\n");
      compare(
          "mysql",
          config + "charset = " + charset + "\noption_file = " + options + "\n",
          List.of(
              "SELECT l1, u16, u2, u32, cyrillic, u8, '%s', @@collation_connection FROM kinds WHERE k = '%s'",
              "SELECT v FROM postfixadmin WHERE k = '%s'"));
    }
  }

  @Test
  void sqliteAnswersWithTheBytesThatTheLibraryGets() throws Exception {
    for (String encoding : List.of("UTF-8", "UTF-16le")) {
      Path file = directory.resolve(encoding);
      try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
          var statement = connection.createStatement()) {
        statement.execute("PRAGMA encoding = '" + encoding + "'");
        statement.execute("CREATE TABLE t (k TEXT, n INTEGER, v, r REAL)");
        statement.execute(
            "INSERT INTO t VALUES ('j\u00fcrgen@example.com', 1, 'j\u00fcrgen\ud83d\ude00', 1.5),"
                + "(CAST(X'6AFC7267656E406578616D706C652E636F6D' AS TEXT), 2,"
                + " CAST(X'6AFC72' AS TEXT), 1e300),"
                + "('ascii@example.com', 7, X'61FC006263', 0.1), ('ascii@example.com', 8, 9, -0.0),"
                + "('ascii@example.com', 9, 9007199254740993, 2.5),"
                + "('ascii@example.com', 10, 'replaced \ufffd', NULL)");
      }
      compare(
          "sqlite",
          "dbpath = " + file + "\n",
          List.of(
              "SELECT v FROM t WHERE k = '%s'",
              "SELECT r FROM t WHERE k = '%s'",
              "SELECT n FROM t WHERE '%d' = 'example.com' ORDER BY n",
              "SELECT '%u' || ' at ' || '%d'",
              "SELECT v FROM t WHERE k LIKE '%%%u%%' AND n < 3",
              "SELECT typeof(v) || length('%s') FROM t"));
    }
  }

  private void compare(String maptype, String config, List<String> queries) throws Exception {
    Postmap postmap = Postmap.orSkip(directory, maptype);
    Path main = directory.resolve("postmap-configuration/main.cf");
    SettledFile.write(main, "compatibility_level = 3.6\nsmtputf8_enable = no\n");
    SqlTables tables = new SqlTables(maptype, directory);
    List<String> differences = new ArrayList<>();
    for (String query : queries) {
      TestOpening opening = tables.opening(config + "query = " + query + "\n");
      Table table = opening.open(tables.driver);
      Map<String, String> expected = expected(postmap, maptype + ":" + opening.name());
      for (String key : KEYS) {
        String ours = SqlTables.askBytes(table, key);
        if (!ours.equals(expected.get(key))) {
          differences.add(
              config
                  + query
                  + "\nkey "
                  + key
                  + "\nexpected "
                  + expected.get(key)
                  + "\nbut was  "
                  + ours);
        }
      }
      table.close();
    }
    assertThat(differences).isEmpty();
  }

  private static Map<String, String> expected(Postmap postmap, String table) throws Exception {
    Map<String, String> answers = new HashMap<>();
    // A run ends at the first key that the server refuses.
    for (boolean utf8 : List.of(true, false)) {
      List<String> keys = KEYS.stream().filter(key -> ByteText.isUtf8(key) == utf8).toList();
      Postmap.Output all = ask(postmap, table, String.join("\n", keys));
      boolean fails = isFatal(all);
      for (String key : keys) {
        Postmap.Output output = fails ? ask(postmap, table, key) : all;
        String line = "\n" + output.text();
        int at = line.indexOf("\n" + key + "\t");
        answers.put(
            key,
            isFatal(output)
                ? "retry"
                : at < 0
                    ? "not found"
                    : Answer.found(
                        line.substring(at + key.length() + 2, line.indexOf('\n', at + 1))));
      }
    }
    return answers;
  }

  private static Postmap.Output ask(Postmap postmap, String table, String keys) throws Exception {
    return postmap.run((keys + "\n").getBytes(ISO_8859_1), "-q", "-", table);
  }

  private static boolean isFatal(Postmap.Output output) {
    return output.log().stream().anyMatch(line -> line.contains("fatal"));
  }
}
