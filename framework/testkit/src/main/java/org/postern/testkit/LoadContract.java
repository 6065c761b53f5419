package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Access;
import org.postern.spi.BulkLoad;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;

/** A table is made anew whole or not at all, and added to; a type that cannot says so. */
public interface LoadContract extends ContractSubject {
  /** More than is on a page, and than is kept in memory before something of it is written. */
  int MANY = 3000;

  /** The tests: those of a type that can, or those of one that cannot. */
  @TestFactory
  default Stream<DynamicTest> load(@TempDir Path directory) {
    Stream<DynamicTest> rebuild =
        capabilities().contains(Capability.REBUILD)
            ? Stream.of(
                test("a table made anew has the new pairs only", directory, this::anew),
                test("nobody sees a new table before it is committed", directory, this::unseen),
                test("a new table that is given up leaves the old one", directory, this::givenUp),
                test("a key that is there already is treated as asked", directory, this::twice),
                test("values may be long, and pairs many", directory, this::many))
            : Stream.of(test("to make a table anew is refused", directory, this::notRebuilt));
    Stream<DynamicTest> extend =
        capabilities().contains(Capability.EXTEND)
            ? Stream.of(
                test("what is added to a table comes to what is there", directory, this::added),
                test("a key of the table is treated as asked", directory, this::addedTwice))
            : Stream.of(test("to add to a table is refused", directory, this::notExtended));
    return Stream.concat(rebuild, extend);
  }

  private DynamicTest test(String name, Path directory, Step step) {
    Executable test =
        () -> {
          Path own = Files.createTempDirectory(directory, "load");
          try (TestOpening sample = sample(own).access(Access.READ_WRITE)) {
            step.with(sample);
          }
        };
    return dynamicTest(name, test);
  }

  /** What a test does with its sample. */
  interface Step {
    void with(TestOpening sample) throws Exception;
  }

  private List<String> content(TestOpening sample) throws Exception {
    try (TestOpening reading = sample.again().access(Access.READ_ONLY)) {
      return Walk.through(reading.open(driver()));
    }
  }

  private static void put(BulkLoad load, String key, String value, int flags)
      throws TableUnavailableException {
    load.put(Bytes.bytes(key), Bytes.bytes(value), flags);
  }

  private void anew(TestOpening sample) throws Exception {
    try (BulkLoad load = driver().rebuild(sample)) {
      put(load, "new", "value", TableFlags.DUP_WARN);
      put(load, "other", "two words", TableFlags.DUP_WARN);
      load.commit();
    }
    assertThat(content(sample)).containsExactlyInAnyOrder("new=value", "other=two words");
  }

  private void unseen(TestOpening sample) throws Exception {
    try (BulkLoad load = driver().rebuild(sample)) {
      put(load, "new", "value", TableFlags.DUP_WARN);
      assertThat(content(sample)).containsExactlyInAnyOrderElementsOf(Walk.expected(entries()));
      load.commit();
      assertThat(content(sample)).containsExactly("new=value");
    }
  }

  private void givenUp(TestOpening sample) throws Exception {
    try (BulkLoad load = driver().rebuild(sample)) {
      put(load, "new", "value", TableFlags.DUP_WARN);
    }
    assertThat(content(sample)).containsExactlyInAnyOrderElementsOf(Walk.expected(entries()));
  }

  private void twice(TestOpening sample) throws Exception {
    try (BulkLoad load = driver().rebuild(sample)) {
      put(load, "a", "first", TableFlags.DUP_WARN);
      put(load, "b", "first", TableFlags.DUP_WARN);
      put(load, "a", "second", TableFlags.DUP_WARN);
      put(load, "b", "second", TableFlags.DUP_REPLACE);
      load.commit();
    }
    assertThat(content(sample)).containsExactlyInAnyOrder("a=first", "b=second");
    assertWarning(sample, "a");
    try (BulkLoad load = driver().rebuild(sample)) {
      put(load, "c", "first", TableFlags.DUP_WARN);
      assertThatThrownBy(() -> put(load, "c", "second", 0))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessageEndingWith("duplicate entry: \"c\"");
    }
  }

  private static void assertWarning(TestOpening sample, String key) {
    List<String> warnings = sample.warnings();
    assertThat(warnings).hasSize(1);
    assertThat(warnings.getFirst()).endsWith(": duplicate entry: \"" + key + "\"");
    sample.assertWarnings(warnings.getFirst());
  }

  private void many(TestOpening sample) throws Exception {
    List<String> expected = new ArrayList<>();
    try (BulkLoad load = driver().rebuild(sample)) {
      for (int i = 0; i < MANY; i++) {
        String value = ("value" + i).repeat(i % 500 == 0 ? 2000 : 1 + i % 7);
        put(load, "key" + i, value, TableFlags.DUP_WARN);
        expected.add("key" + i + "=" + value);
      }
      load.commit();
    }
    assertThat(content(sample)).containsExactlyInAnyOrderElementsOf(expected);
  }

  private void added(TestOpening sample) throws Exception {
    List<String> expected = new ArrayList<>(Walk.expected(entries()));
    try (BulkLoad load = driver().extend(sample)) {
      for (int i = 0; i < MANY; i++) {
        put(load, "added" + i, "value" + i, TableFlags.DUP_WARN);
        expected.add("added" + i + "=value" + i);
      }
      load.commit();
    }
    assertThat(content(sample)).containsExactlyInAnyOrderElementsOf(expected);
  }

  private void addedTwice(TestOpening sample) throws Exception {
    try (BulkLoad load = driver().rebuild(sample)) {
      put(load, "key", "first", TableFlags.DUP_WARN);
      load.commit();
    }
    try (BulkLoad load = driver().extend(sample)) {
      put(load, "key", "ignored", TableFlags.DUP_IGNORE);
      put(load, "key", "warned", TableFlags.DUP_WARN);
      load.commit();
    }
    assertThat(content(sample)).containsExactly("key=first");
    assertWarning(sample, "key");
    try (BulkLoad load = driver().extend(sample)) {
      put(load, "key", "second", TableFlags.DUP_REPLACE);
      load.commit();
    }
    assertThat(content(sample)).containsExactly("key=second");
  }

  private void notRebuilt(TestOpening sample) {
    assertThatThrownBy(() -> driver().rebuild(sample))
        .isInstanceOf(TableUnavailableException.class);
  }

  private void notExtended(TestOpening sample) {
    assertThatThrownBy(() -> driver().extend(sample)).isInstanceOf(TableUnavailableException.class);
  }
}
