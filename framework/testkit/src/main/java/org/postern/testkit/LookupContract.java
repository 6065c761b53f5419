package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Entry;
import org.postern.spi.Table;

/** What every table answers, whatever its type. */
public interface LookupContract extends ContractSubject {

  @Test
  default void everyEntryIsFound(@TempDir Path directory) throws Exception {
    try (TestOpening opening = sample(directory)) {
      Table table = opening.open(driver());
      for (Entry entry : entries()) {
        assertThat(Answer.of(table.lookup(entry.key(), table.flags())))
            .as("key %s", Bytes.text(entry.key()))
            .isEqualTo(Answer.found(Bytes.text(entry.value())));
      }
    }
  }

  /** For {@code postern explain}: told line by line, and answered as by a lookup. */
  @Test
  default void anExplainedLookupHasTheSameAnswer(@TempDir Path directory) throws Exception {
    try (TestOpening opening = sample(directory)) {
      Table table = opening.open(driver());
      List<String> told = new ArrayList<>();
      for (Entry entry : entries()) {
        assertThat(Answer.of(table.explain(entry.key(), table.flags(), told::add)))
            .as("key %s", Bytes.text(entry.key()))
            .isEqualTo(Answer.found(Bytes.text(entry.value())));
      }
      EdgeKeys.all()
          .forEach((what, key) ->
              assertThat(table.explain(key, table.flags(), told::add))
                  .as("key: %s", what)
                  .isInstanceOf(
                      EdgeKeys.isUtf8(key) ? answerToUnknownKeys() : answerToKeysThatAreNotUtf8()));
      assertThat(told.stream().filter(String::isBlank)).isEmpty();
    }
  }

  @Test
  default void anEdgeKeyIsAnUnknownKeyLikeAnyOther(@TempDir Path directory) throws Exception {
    try (TestOpening opening = sample(directory)) {
      Table table = opening.open(driver());
      EdgeKeys.all()
          .forEach((what, key) ->
              assertThat(table.lookup(key, table.flags()))
                  .as("key: %s", what)
                  .isInstanceOf(
                      EdgeKeys.isUtf8(key) ? answerToUnknownKeys() : answerToKeysThatAreNotUtf8()));
    }
  }

  @Test
  default void keysNearAnEntryAreOtherKeys(@TempDir Path directory) throws Exception {
    try (TestOpening opening = sample(directory)) {
      Table table = opening.open(driver());
      for (Entry entry : entries()) {
        String key = Bytes.text(entry.key());
        assertUnknown(table, key + "x");
        assertUnknown(table, key + " "); // no NUL: no request can have one in its key
        assertUnknown(table, " " + key);
        if (!key.isEmpty()) {
          assertUnknown(table, key.substring(0, key.length() - 1));
        }
      }
    }
  }

  @Test
  default void upperCaseIsAnotherKeyWhereTheHostHasNotFoldedIt(@TempDir Path directory)
      throws Exception {
    try (TestOpening opening = sample(directory)) {
      Table table = opening.open(driver());
      for (Entry entry : entries()) {
        byte[] upper = entry.key().clone();
        for (int i = 0; i < upper.length; i++) {
          if (upper[i] >= 'a' && upper[i] <= 'z') {
            upper[i] = (byte) (upper[i] - 'a' + 'A');
          }
        }
        if (caseMatters()) {
          assertUnknown(table, Bytes.text(upper));
        } else {
          assertThat(Answer.of(table.lookup(upper, table.flags())))
              .isEqualTo(Answer.found(Bytes.text(entry.value())));
        }
      }
    }
  }

  @Test
  default void aLookupLeavesItsKeyAlone(@TempDir Path directory) throws Exception {
    try (TestOpening opening = sample(directory)) {
      Table table = opening.open(driver());
      for (Entry entry : entries()) {
        byte[] key = entry.key().clone();
        table.lookup(key, table.flags());
        assertThat(key).isEqualTo(entry.key());
      }
    }
  }

  private void assertUnknown(Table table, String key) {
    byte[] bytes = Bytes.bytes(key);
    if (entries().stream().noneMatch(entry -> Arrays.equals(entry.key(), bytes))) {
      assertThat(table.lookup(bytes, table.flags()))
          .as("key: %s", key)
          .isInstanceOf(answerToUnknownKeys());
    }
  }
}
