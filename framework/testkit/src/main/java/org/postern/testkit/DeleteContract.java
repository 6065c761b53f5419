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
import org.postern.spi.Entry;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableUnavailableException;

/** A deleted key is gone at once and stays so; a type that cannot delete says so. */
public interface DeleteContract extends ContractSubject {

  /** The tests: those of a type that can, or those of one that cannot. */
  @TestFactory
  default Stream<DynamicTest> delete(@TempDir Path directory) throws Exception {
    TestOpening sample = sample(directory).access(Access.READ_WRITE);
    if (!capabilities().contains(Capability.DELETE)) {
      return Stream.of(
          dynamicTest("a delete is refused with Retry", () -> refused(sample.again())));
    }
    return Stream.of(
        dynamicTest("an unknown key cannot be deleted", () -> unknown(sample.again())),
        dynamicTest("a deleted key is gone", () -> gone(sample.again())));
  }

  private void unknown(TestOpening sample) throws Exception {
    try (sample) {
      Table table = sample.open(driver());
      assertThat(table.delete(Bytes.bytes("contract-unknown"), table.flags()))
          .isEqualTo(NotFound.NOT_FOUND);
    }
  }

  private void gone(TestOpening sample) throws Exception {
    byte[] key = Bytes.bytes("contract-deleted");
    try (sample) {
      Table table = sample.open(driver());
      assertThat(table.update(key, Bytes.bytes("value"), table.flags()))
          .isInstanceOf(Changed.class);
      assertThat(table.delete(key, table.flags())).isInstanceOf(Changed.class);
      assertThat(table.lookup(key, table.flags())).isInstanceOf(answerToUnknownKeys());
      assertThat(table.delete(key, table.flags())).isEqualTo(NotFound.NOT_FOUND);
    }
    try (TestOpening later = sample.again()) {
      Table table = later.open(driver());
      assertThat(table.lookup(key, table.flags())).isInstanceOf(answerToUnknownKeys());
      if (persistent()) {
        for (Entry entry : entries()) {
          assertThat(Answer.of(table.lookup(entry.key(), table.flags())))
              .as("the entries beside it")
              .isEqualTo(Answer.found(Bytes.text(entry.value())));
        }
      }
    }
  }

  private void refused(TestOpening sample) throws Exception {
    try (sample) {
      Table table;
      try {
        table = sample.open(driver());
      } catch (TableUnavailableException e) {
        return; // as good: the host answers every delete on such a table with Retry
      }
      for (Entry entry : entries()) {
        assertThat(table.delete(entry.key(), table.flags())).isInstanceOf(Retry.class);
        assertThat(Answer.of(table.lookup(entry.key(), table.flags())))
            .isEqualTo(Answer.found(Bytes.text(entry.value())));
      }
    }
  }
}
