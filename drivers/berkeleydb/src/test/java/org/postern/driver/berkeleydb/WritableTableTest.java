package org.postern.driver.berkeleydb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.Access;
import org.postern.spi.Changed;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Answer;
import org.postern.testkit.Bytes;
import org.postern.testkit.Postmap;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.TestOpening;

/** Tables that are changed, as the host and Postfix see them. */
@Timeout(120)
final class WritableTableTest {
  private static final int BOTH = TableFlags.TRY0NULL | TableFlags.TRY1NULL;
  private static final int WRITERS = 16;
  private static final int UPDATES = 50;

  @TempDir private Path directory;

  private static TestOpening writing(String maptype, Path file) {
    return Mode.MEMORY.opening(maptype, file).access(Access.READ_WRITE);
  }

  private static void store(Table table, String key, String value, int flags) {
    assertThat(table.update(Bytes.bytes(key), Bytes.bytes(value), flags))
        .isInstanceOf(Changed.class);
  }

  private static String lookup(Table table, String key) {
    return Answer.of(table.lookup(Bytes.bytes(key), table.flags()));
  }

  private static Map<String, String> content(String maptype, Path file) throws Exception {
    return Structure.check(maptype, Files.readAllBytes(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void aTableThatIsNotThereIsMade(String maptype) throws Exception {
    Path file = directory.resolve("new.db");
    try (TestOpening opening = writing(maptype, file)) {
      opening.open(new BerkeleyDbDriver());
      assertThat(content(maptype, file)).isEmpty();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-r--r--");
    }
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactly(file);
    }
    if (Prerequisite.BERKELEY_DB.canCheck()) {
      BerkeleyDbTools.verify(file);
    }
  }

  /** As Berkeley DB makes one of it for whoever may write it: a crash or a tool has left it. */
  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void anEmptyFileBecomesATable(String maptype) throws Exception {
    Path file = Files.createFile(directory.resolve("empty.db"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    try (TestOpening opening = writing(maptype, file)) {
      Table table = opening.open(new BerkeleyDbDriver());
      store(table, "key", "value", BOTH);
      assertThat(lookup(table, "key")).isEqualTo(Answer.found("value"));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-r-----");
    }
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactly(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void postfixReadsAndChangesWhatIsWritten(String maptype) throws Exception {
    Postmap postmap = Postmap.orSkip(directory);
    Path file = directory.resolve("shared.db");
    String name = maptype + ":" + directory.resolve("shared");
    try (TestOpening opening = writing(maptype, file)) {
      Table table = opening.open(new BerkeleyDbDriver());
      Map<String, String> expected = new TreeMap<>();
      for (int i = 0; i < 300; i++) {
        store(table, "key" + i, "value" + i, BOTH);
        expected.put("key" + i + '\0', "value" + i + '\0');
      }
      assertThat(postmap.run(new byte[0], "-q", "key7", name).text()).isEqualTo("value7\n");
      assertThat(postmap.run(new byte[0], "-s", name).text().lines()).hasSize(300);
      StringBuilder more = new StringBuilder();
      for (int i = 250; i < 900; i++) {
        more.append("key").append(i).append(" other").append(i).append('\n');
        expected.put("key" + i + '\0', "other" + i + '\0');
      }
      assertThat(postmap.run(Bytes.bytes(more.toString()), "-r", "-i", name).log()).isEmpty();
      assertThat(postmap.run(new byte[0], "-d", "key8", name).status()).isZero();
      expected.remove("key8\0");
      assertThat(lookup(table, "key260")).isEqualTo(Answer.found("other260"));
      store(table, "key800", "again", BOTH);
      expected.put("key800\0", "again\0");
      assertThat(content(maptype, file)).isEqualTo(expected);
      assertThat(postmap.run(new byte[0], "-q", "key800", name).text()).isEqualTo("again\n");
    }
    if (Prerequisite.BERKELEY_DB.canCheck()) {
      BerkeleyDbTools.verify(file);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void postfixFindsKeysThatAreTheBeginningsOfOthers(String maptype) throws Exception {
    Postmap postmap = Postmap.orSkip(directory);
    Path file = directory.resolve("beginnings.db");
    StringBuilder keys = new StringBuilder();
    StringBuilder answers = new StringBuilder();
    try (TestOpening opening = writing(maptype, file)) {
      Table table = opening.open(new BerkeleyDbDriver());
      for (int i = 0; i < 500; i++) {
        store(table, "k" + i, "v" + i, TableFlags.TRY0NULL);
        keys.append('k').append(i).append('\n');
        answers.append('k').append(i).append("\tv").append(i).append('\n');
      }
    }
    String name = maptype + ":" + directory.resolve("beginnings");
    assertThat(postmap.run(Bytes.bytes(keys.toString()), "-q", "-", name).text())
        .isEqualTo(answers.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void manyWritersAtOnceLoseNothing(String maptype) throws Exception {
    Path file = directory.resolve("busy.db");
    try (TestOpening opening = writing(maptype, file);
        ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
      Table table = opening.open(new BerkeleyDbDriver());
      List<Future<?>> done = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int first = writer * UPDATES;
        done.add(
            writers.submit(() -> {
              for (int i = first; i < first + UPDATES; i++) {
                store(table, "key" + i, "value" + i, BOTH);
                assertThat(lookup(table, "key" + i)).isEqualTo(Answer.found("value" + i));
                if (i % 2 == 1) {
                  assertThat(table.delete(Bytes.bytes("key" + i), BOTH))
                      .isInstanceOf(Changed.class);
                }
              }
            }));
      }
      for (Future<?> writer : done) {
        writer.get();
      }
    }
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < WRITERS * UPDATES; i += 2) {
      expected.put("key" + i + '\0', "value" + i + '\0');
    }
    assertThat(content(maptype, file)).isEqualTo(expected);
  }

  @Test
  void theFlagsSayWhetherKeysAndValuesEndInNul() throws Exception {
    Path file = directory.resolve("forms.db");
    try (TestOpening opening = writing("btree", file)) {
      Table table = opening.open(new BerkeleyDbDriver());
      store(table, "with", "1", TableFlags.TRY1NULL);
      store(table, "without", "2", TableFlags.TRY0NULL);
      store(table, "new", "3", BOTH);
      store(table, "without", "4", BOTH);
      assertThat(content("btree", file))
          .isEqualTo(Map.of("with\0", "1\0", "without", "4", "new\0", "3\0"));
      store(table, "without", "5", TableFlags.TRY1NULL);
      assertThat(table.delete(Bytes.bytes("with"), TableFlags.TRY0NULL))
          .isEqualTo(NotFound.NOT_FOUND);
      assertThat(table.delete(Bytes.bytes("without"), BOTH)).isInstanceOf(Changed.class);
      assertThat(content("btree", file)).isEqualTo(Map.of("with\0", "1\0", "new\0", "3\0"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"hash-duplicates-512", "btree-duplicates-512"})
  void aFileWithSeveralValuesForAKeyIsOnlyRead(String name) throws Exception {
    Sample sample = new Sample(name);
    Path file = sample.copyTo(directory);
    try (TestOpening opening = writing(sample.maptype(), file)) {
      Table table = opening.open(new BerkeleyDbDriver());
      Retry refused =
          new Retry(file + ": page 0: a file that holds several values for a key is only read");
      assertThat(table.update(Bytes.bytes("a"), Bytes.bytes("b"), BOTH)).isEqualTo(refused);
      assertThat(table.delete(Bytes.bytes("last"), BOTH)).isEqualTo(refused);
      assertThat(lookup(table, "last")).isEqualTo(Answer.found("one"));
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(sample.bytes());
  }

  @Test
  void aTableInADirectoryThatIsNotThereCannotBeMade() {
    Path file = directory.resolve("absent").resolve("new.db");
    try (TestOpening opening = writing("hash", file)) {
      assertThatThrownBy(() -> opening.open(new BerkeleyDbDriver()))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessage("open database " + file + ": No such file or directory");
    }
  }
}
