package org.postern.tablekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.testkit.TestOpening;

/** What a .cf file may hold; the messages are those of Postfix 3.7.11's postmap(1). */
class TableConfigTest {
  @TempDir Path directory;

  private TestOpening file(String text) throws Exception {
    Path file = directory.resolve("t.cf");
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    return TestOpening.of("mysql", file);
  }

  @Test
  void aFileIsReadAsMainCfIsButWithoutExpansion() throws Exception {
    try (TestOpening opening =
        file("# comment\nquery = SELECT '$x'\n  # comment\n   FROM t \nempty =\na=b=c\r\n")) {
      TableConfig config = TableConfig.read(opening);
      assertThat(config.string("query")).contains("SELECT '$x'   FROM t");
      assertThat(config.string("empty")).contains("");
      assertThat(config.string("a")).contains("b=c");
      assertThat(config.string("none")).isEmpty();
      assertThat(opening.watched()).containsExactly(directory.resolve("t.cf"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bar baz     | missing '=' after attribute name: \"bar baz\"",
        "foo         | missing '=' after attribute name: \"foo\"",
        "= x         | missing attribute name: \"= x\"",
        "password x  | missing '=' after attribute name: \"(not shown)\"",
        "bind_pw: x   | missing '=' after attribute name: \"(not shown)\"",
      })
  void aLineThatIsNoSettingIsNamed(String line, String message) throws Exception {
    try (TestOpening opening = file("query = x\n" + line + "\n")) {
      assertThatThrownBy(() -> TableConfig.read(opening))
          .hasMessage(opening.name() + ", line 2: " + message);
    }
  }

  @Test
  void ofTwoSettingsTheLastCountsAndNoPasswordIsLogged() throws Exception {
    try (TestOpening opening = file("user = a\nuser = b\npassword = one\npassword = two\n")) {
      TableConfig config = TableConfig.read(opening);
      assertThat(config.string("user")).contains("b");
      assertThat(config.secret("password").value()).isEqualTo("two");
      assertThat(config.secret("password").toString()).doesNotContain("two");
      opening.assertWarnings(
          opening.name() + ", line 2: overriding earlier entry: user=a",
          opening.name() + ", line 4: overriding earlier entry: password=(not shown)");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "expansion_limit = x           | bad numerical configuration: expansion_limit = x",
        "expansion_limit = 2x          | bad numerical configuration: expansion_limit = 2x",
        "expansion_limit = 0x2         | bad numerical configuration: expansion_limit = 0x2",
        "expansion_limit = 99999999999 | bad numerical configuration: expansion_limit = 99999999999",
      })
  void aBadNumberIsSaidInPostfixsWords(String line, String message) throws Exception {
    try (TestOpening opening = file(line + "\n")) {
      TableConfig config = TableConfig.read(opening);
      assertThatThrownBy(() -> config.integer("expansion_limit", 0, 0, 0))
          .hasMessage(opening.name() + ": " + message);
    }
  }

  @Test
  void limitsOfValuesAreSaidInPostfixsWords() throws Exception {
    try (TestOpening opening = file("n = 7\nempty =\nyes = maybe\n")) {
      TableConfig config = TableConfig.read(opening);
      assertThat(config.integer("n", 0, 0, 0)).isEqualTo(7);
      assertThatThrownBy(() -> config.integer("n", 0, 8, 9))
          .hasMessage(opening.name() + ": invalid n parameter value 7 < 8");
      assertThatThrownBy(() -> config.integer("n", 0, 1, 6))
          .hasMessage(opening.name() + ": invalid n parameter value 7 > 6");
      assertThatThrownBy(() -> config.string("empty", "x", 1))
          .hasMessage(opening.name() + ": bad string length 0 < 1: empty = ");
      assertThatThrownBy(() -> config.bool("yes", true))
          .hasMessage(opening.name() + ": bad boolean configuration: yes = maybe");
      assertThat(config.unread()).isEmpty();
    }
  }

  @Test
  void aNameThatIsNoPathHasItsParametersInMainCf() throws Exception {
    try (TestOpening opening =
        TestOpening.of("mysql", "aliases")
            .parameter("aliases_hosts", "db1 db2")
            .parameter("aliases_expansion_limit", "x")) {
      TableConfig config = TableConfig.read(opening);
      assertThat(config.string("hosts")).contains("db1 db2");
      assertThatThrownBy(() -> config.integer("expansion_limit", 0, 0, 0))
          .hasMessage("bad numerical configuration: aliases_expansion_limit = x");
      assertThatThrownBy(() -> config.string("dbname", "", 1))
          .hasMessage("bad string length 0 < 1: aliases_dbname = ");
    }
  }

  @Test
  void aMissingFileIsNamed() throws Exception {
    try (TestOpening opening = TestOpening.of("mysql", directory.resolve("none.cf"))) {
      assertThatThrownBy(() -> TableConfig.read(opening))
          .hasMessage("open " + opening.name() + ": No such file or directory");
      assertThat(opening.watched()).hasSize(1);
    }
    try (TestOpening opening = TestOpening.of("mysql", directory)) {
      assertThatThrownBy(() -> TableConfig.read(opening))
          .hasMessage("read " + opening.name() + ": Is a directory");
    }
  }

  @Test
  void whatIsNotUtf8AndShouldBeIsSaidWithItsLineAndWithoutItsValue() throws Exception {
    try (TestOpening opening = file("query = \u00fc\nhosts = stra\u00dfe\npassword = \u00fc\n")) {
      TableConfig config = TableConfig.read(opening);
      assertThat(config.string("query")).contains("\u00fc");
      assertThat(config.secret("password").value()).isEqualTo("\u00fc");
      for (String parameter : List.of("hosts", "password")) {
        String value = config.string(parameter).orElseThrow();
        assertThatThrownBy(() -> config.text(parameter, value))
            .hasMessage(
                "%s, line %d: %s is not UTF-8: save the file in UTF-8"
                    .formatted(opening.name(), parameter.equals("hosts") ? 2 : 3, parameter));
      }
    }
    try (TestOpening opening =
        TestOpening.of("mysql", "aliases").parameter("aliases_query", "SELECT '\ufffd'")) {
      assertThatThrownBy(() -> TableConfig.read(opening).string("query"))
          .hasMessage("main.cf: aliases_query is not UTF-8: save the file in UTF-8");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a%FFb | its percent signs stand for bytes that are not UTF-8",
        "a%2   | a % without two hexadecimal digits; write %25 for it",
        "a%zz  | a % without two hexadecimal digits; write %25 for it",
      })
  void aUriWhoseBytesAreNoTextIsRefused(String text, String message) {
    assertThatThrownBy(() -> UriText.decoded(text)).hasMessage(message);
  }

  @Test
  void aUriMayHaveAnyCharacter() {
    assertThat(UriText.decoded("%2Fvar%20x+%C3%BC\u00fc%25")).isEqualTo("/var x+\u00fc\u00fc%");
  }
}
