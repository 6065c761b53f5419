package org.postern.driver.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.Postmap;
import org.postern.testkit.TestOpening;
import org.postern.testservers.ComparedTable;
import org.postern.testservers.MariaDb;
import org.postern.testservers.Postgres;
import org.postern.testservers.TestServer;

/** Postfix's postmap(1) and this driver, with the same tables on the same server. */
@Timeout(600)
class PostmapComparisonTest {
  @TempDir Path directory;

  private String config(String maptype) throws Exception {
    if (maptype.equals("sqlite")) {
      Path file = directory.resolve("db");
      try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
          var statement = connection.createStatement()) {
        statement.execute("CREATE TABLE alias (address TEXT, target TEXT, n INT, extra TEXT)");
        ComparedTable.fill(connection);
      }
      return "dbpath = " + file + "\n";
    }
    TestServer server = maptype.equals("mysql") ? MariaDb.shared() : Postgres.shared();
    try (Connection connection = server.tables()) {
      ComparedTable.fill(connection);
    }
    if (maptype.equals("pgsql")) {
      // Postfix 3.7 talks LATIN1 to PostgreSQL; later releases UTF-8, as this driver does.
      return server.config() + "encoding = LATIN1\n";
    }
    Path options = directory.resolve("client.cnf");
    Files.writeString(options, "[client]\ndefault-character-set = utf8mb4\n");
    return server.config() + "option_file = " + options + "\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {"mysql", "pgsql", "sqlite"})
  void answersAreTheSame(String maptype) throws Exception {
    Postmap postmap = Postmap.orSkip(directory, maptype);
    String config = config(maptype);
    SqlTables tables = new SqlTables(maptype, directory);
    List<String> differences = new ArrayList<>();
    int compared = 0;
    for (ComparedTable compare : ComparedTable.all()) {
      String text = config + compare.parameters();
      TestOpening opening =
          tables
              .opening(text)
              .member("static:all", new Fixed("all"))
              .member("inline:{example.com=1}", new Fixed("example.com"));
      Table table = opening.open(tables.driver);
      List<String> keys =
          ComparedTable.KEYS.stream()
              .filter(key -> !compare.isMeantToDiffer(maptype, key))
              .toList();
      Map<String, String> expected = postmap(postmap, maptype + ":" + opening.name(), keys);
      for (String key : keys) {
        compared++;
        String ours = SqlTables.ask(table, key);
        String real = expected.getOrDefault(key, "not found");
        if (!ours.equals(real)) {
          differences.add(text + "key " + key + "\nexpected " + real + "\nbut was  " + ours);
        }
      }
      table.close();
    }
    assertThat(differences).as(differences.size() + " of " + compared + " differ").isEmpty();
    assertThat(compared).isGreaterThan(500);
  }

  private Map<String, String> postmap(Postmap postmap, String table, List<String> keys)
      throws Exception {
    Map<String, String> answers = new HashMap<>();
    List<String> left = new ArrayList<>(keys);
    while (!left.isEmpty()) {
      Postmap.Output output =
          postmap.run(
              (String.join("\n", left) + "\n").getBytes(StandardCharsets.UTF_8), "-q", "-", table);
      String last = "";
      for (String line : output.text().split("\n", -1)) {
        int tab = line.indexOf('\t');
        if (tab > 0) {
          last =
              new String(
                  line.substring(0, tab).getBytes(StandardCharsets.ISO_8859_1),
                  StandardCharsets.UTF_8);
          answers.put(last, Answer.found(line.substring(tab + 1)));
        }
      }
      if (output.log().stream().noneMatch(line -> line.contains("fatal"))) {
        return answers;
      }
      // It ends at the first key that is an error: which one that was, is found out one by one.
      left = new ArrayList<>(left.subList(left.indexOf(last) + 1, left.size()));
      while (!left.isEmpty()) {
        String key = left.removeFirst();
        Postmap.Output one =
            postmap.run((key + "\n").getBytes(StandardCharsets.UTF_8), "-q", "-", table);
        if (one.log().stream().anyMatch(line -> line.contains("fatal"))) {
          answers.put(key, "retry");
          break;
        }
        int tab = one.text().indexOf('\t');
        if (tab > 0) {
          answers.put(key, Answer.found(one.text().substring(tab + 1).replace("\n", "")));
        }
      }
    }
    return answers;
  }

  /** A table that finds one key, or every key. */
  private record Fixed(String key) implements Table {
    @Override
    public int flags() {
      return org.postern.spi.TableFlags.FIXED;
    }

    @Override
    public org.postern.spi.LookupResult lookup(byte[] asked, int flags) {
      return key.equals("all") || new String(asked, StandardCharsets.UTF_8).equals(key)
          ? new org.postern.spi.Found(new byte[0])
          : org.postern.spi.NotFound.NOT_FOUND;
    }
  }
}
