package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Access;
import org.postern.spi.Changed;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableUnavailableException;

/** An update is there at once and stays; a type that cannot store says so and stores nothing. */
public interface UpdateContract extends ContractSubject {

  /** The tests: those of a type that can, or those of one that cannot. */
  @TestFactory
  default Stream<DynamicTest> update(@TempDir Path directory) throws Exception {
    TestOpening sample = sample(directory).access(Access.READ_WRITE);
    if (!capabilities().contains(Capability.UPDATE)) {
      return Stream.of(
          dynamicTest("an update is refused with Retry", () -> refused(sample.again())));
    }
    return Stream.of(
        dynamicTest(
            "a new key is found at once", () -> stored(sample.again(), "contract-new", "value")),
        dynamicTest(
            "a second update replaces the value",
            () -> {
              stored(sample.again(), "contract-twice", "first and longer");
              stored(sample.again(), "contract-twice", "second");
            }),
        dynamicTest(
            "an empty value comes back", () -> stored(sample.again(), "contract-empty", "")),
        dynamicTest(
            "a value of 100,000 bytes comes back",
            () -> stored(sample.again(), "contract-long", "v".repeat(100_000))),
        dynamicTest(
            "bytes that are not UTF-8 come back",
            () -> stored(sample.again(), "contract-bytes", "\u00ff\u00fe\u0001")));
  }

  private void stored(TestOpening sample, String key, String value) throws Exception {
    try (sample) {
      Table table = sample.open(driver());
      assertThat(table.update(Bytes.bytes(key), Bytes.bytes(value), table.flags()))
          .isInstanceOf(Changed.class);
      assertThat(Answer.of(table.lookup(Bytes.bytes(key), table.flags())))
          .isEqualTo(Answer.found(value));
    }
    if (persistent()) {
      try (TestOpening later = sample.again()) {
        Table table = later.open(driver());
        assertThat(Answer.of(table.lookup(Bytes.bytes(key), table.flags())))
            .as("after close and open")
            .isEqualTo(Answer.found(value));
      }
    }
  }

  private void refused(TestOpening sample) throws Exception {
    byte[] key = Bytes.bytes("contract-new");
    try (sample) {
      Table table;
      try {
        table = sample.open(driver());
      } catch (TableUnavailableException e) {
        return; // as good: the host answers every update of such a table with Retry
      }
      assertThat(table.update(key, Bytes.bytes("value"), table.flags())).isInstanceOf(Retry.class);
      assertThat(table.lookup(key, table.flags())).isInstanceOf(answerToUnknownKeys());
    }
  }
}
