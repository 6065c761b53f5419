package org.postern.driver.textfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.Bytes.bytes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.testkit.Answer;

final class EnvironTableTest {

  @ParameterizedTest
  @CsvSource({
    "A, found \"1\"",
    "LONG, found \"two words=here\"",
    "LONG=two words, found \"here\"",
    "EMPTY, found \"\"",
    "'', not found",
    "a, not found",
    "AB, not found",
    "A=1, not found",
    "NO-EQUALS, not found",
    "TWICE, found \"first\"",
  })
  void variablesAreFoundAsByGetenv(String key, String answer) {
    EnvironTable table =
        new EnvironTable(
            bytes("=x\0A=1\0LONG=two words=here\0EMPTY=\0NO-EQUALS\0TWICE=first\0TWICE=second\0"));
    assertThat(Answer.of(table.lookup(bytes(key), 0))).isEqualTo(answer);
  }

  @Test
  void valuesAreBytes() {
    EnvironTable table = new EnvironTable(bytes("BYTES=\u00ff\u00fe\0"));
    assertThat(Answer.of(table.lookup(bytes("BYTES"), 0))).isEqualTo(Answer.found("\u00ff\u00fe"));
  }
}
