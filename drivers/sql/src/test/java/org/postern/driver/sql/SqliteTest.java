package org.postern.driver.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Found;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Answer;
import org.postern.testkit.TestOpening;

/** Files that are replaced, busy, missing or spoiled. */
@Timeout(60)
class SqliteTest {
  @TempDir Path directory;

  private Path file(String name, String value) throws SQLException {
    Path file = directory.resolve(name);
    try (Connection connection = connect(file);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (k TEXT, v TEXT)");
      statement.execute("INSERT INTO t VALUES ('k', '" + value + "')");
    }
    return file;
  }

  private static Connection connect(Path file) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  private static String config(Path file) {
    return "dbpath = " + file + "\nquery = SELECT v FROM t WHERE k = '%s'\n";
  }

  @Test
  void aFileThatIsReplacedUnderLoadIsReadWithinTwoSeconds() throws Exception {
    Path file = file("db", "old");
    SqlTables tables = new SqlTables("sqlite", directory);
    TestOpening opening = tables.opening(config(file));
    Table table = opening.open(tables.driver);
    AtomicInteger wrong = new AtomicInteger();
    List<Thread> load = new ArrayList<>();
    Path stop = directory.resolve("stop");
    for (int i = 0; i < 4; i++) {
      load.add(
          Thread.ofPlatform()
              .start(() -> {
                while (!Files.exists(stop)) {
                  if (!(SqlTables.lookup(table, "k") instanceof Found)) {
                    wrong.incrementAndGet();
                  }
                }
              }));
    }
    String before = "old";
    for (int round = 0; round < 3; round++) {
      assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found(before));
      before = "new" + round;
      Files.move(file("next", before), file, StandardCopyOption.ATOMIC_MOVE);
      long replaced = System.nanoTime();
      // Each of them must be: one connection to the old file would be asked once in a while.
      for (int inRow = 0; inRow < 200; inRow++) {
        if (!SqlTables.ask(table, "k").equals(Answer.found(before))) {
          inRow = 0;
          assertThat(Duration.ofNanos(System.nanoTime() - replaced))
              .isLessThan(Duration.ofSeconds(2));
        }
      }
    }
    Files.createFile(stop);
    for (Thread thread : load) {
      thread.join();
    }
    assertThat(wrong).hasValue(0);
    table.close();
  }

  @Test
  void aFileThatIsBeingWrittenIsWaitedForAndThenRetry() throws Exception {
    Path file = file("db", "v");
    SqlTables tables = new SqlTables("sqlite", directory);
    try (TestOpening opening = tables.opening(config(file))) {
      Table table = opening.open(tables.driver);
      assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found("v"));
      try (Connection writer = connect(file);
          Statement statement = writer.createStatement()) {
        statement.execute("BEGIN EXCLUSIVE");
        statement.execute("UPDATE t SET v = 'changed'");
        long begun = System.nanoTime();
        assertThat(SqlTables.lookup(table, "k"))
            .isInstanceOfSatisfying(
                Retry.class,
                retry ->
                    assertThat(retry.reason()).isEqualTo("SQL step failed: database is locked"));
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
            .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(6));
        Thread waiting =
            Thread.ofPlatform()
                .start(
                    () -> assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found("changed")));
        statement.execute("COMMIT");
        waiting.join();
      }
      assertThat(SqlTables.ask(table, "k")).isEqualTo(Answer.found("changed"));
    }
  }

  @Test
  void nothingIsMadeOfAMissingFileAndNothingWritten() throws Exception {
    SqlTables tables = new SqlTables("sqlite", directory);
    Path missing = directory.resolve("missing");
    TestOpening opening = tables.opening(config(missing));
    assertThatThrownBy(() -> opening.open(tables.driver))
        .isInstanceOf(TableUnavailableException.class)
        .hasMessageContaining("unable to open database file");
    assertThat(missing).doesNotExist();
    assertThat(opening.watched()).contains(missing);

    Path file = file("db", "v");
    TestOpening writing =
        tables.opening("dbpath = " + file + "\nquery = DELETE FROM t WHERE k = '%s'\n");
    Table table = writing.open(tables.driver);
    assertThat(SqlTables.lookup(table, "k")).isInstanceOf(Retry.class);
    table.close();
    assertThat(SqlTables.ask(tables.opening(config(file)).open(tables.driver), "k"))
        .isEqualTo(Answer.found("v"));
  }

  @Test
  void aFileThatIsNoDatabaseIsRetry() throws Exception {
    Path file = Files.writeString(directory.resolve("text"), "no database at all\n".repeat(100));
    SqlTables tables = new SqlTables("sqlite", directory);
    Table table = tables.opening(config(file)).open(tables.driver);
    assertThat(SqlTables.lookup(table, "k"))
        .isInstanceOfSatisfying(
            Retry.class, retry -> assertThat(retry.reason()).contains("file is not a database"));
    table.close();
  }

  @Test
  void aFileOfAnotherTypeIsNamed() throws Exception {
    Path file = directory.resolve("other");
    byte[] hash = new byte[4096];
    hash[12] = 0x61;
    hash[13] = 0x15;
    hash[14] = 0x06;
    Files.write(file, hash);
    SqlTables tables = new SqlTables("sqlite", directory);
    TestOpening opening = tables.opening(config(file));
    Table table = opening.open(tables.driver);
    assertThat(SqlTables.lookup(table, "k"))
        .isInstanceOfSatisfying(
            Retry.class,
            retry ->
                assertThat(retry.reason())
                    .endsWith("; it is a Berkeley DB hash file: write hash: before its name"));
    table.close();
  }
}
