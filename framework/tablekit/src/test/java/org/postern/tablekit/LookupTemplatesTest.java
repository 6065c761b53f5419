package org.postern.tablekit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.LookupResult;
import org.postern.spi.Retry;
import org.postern.testkit.Answer;
import org.postern.testkit.TestOpening;

/** Expansions and what they suppress; each expectation is what Postfix 3.7.11's postmap(1) gave. */
class LookupTemplatesTest {
  @TempDir Path directory;

  private LookupTemplates templates(TestOpening opening) throws Exception {
    return new LookupTemplates(TableConfig.read(opening), opening.logger());
  }

  private TestOpening opening() throws Exception {
    Path file = directory.resolve("t.cf");
    Files.writeString(file, "query = x\n");
    return TestOpening.of("sqlite", file);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "%u/%s       | a@b           | a/a@b",
        "%u/%s       | @b            | -",
        "%u/%s       | b@            | b/b@",
        "%u/%s       | b             | b/b",
        "%u/%s       | x@y@z         | x@y/x@y@z",
        "%d/%U/%D/%S | a@b           | b/a/b/a@b",
        "%d          | b@            | -",
        "%d          | b             | -",
        "%d          | x@y@z         | z",
        "%1.%3       | a@b.c         | -",
        "%1.%3       | a@b.c.d       | d.b",
        "%1.%3       | a@.b..c.d.    | d.b",
        "%1          | a@..          | -",
        "%1          | a             | -",
        "%%s%%       | a             | %s%",
        "plain       | a@            | plain",
      })
  void aQueryIsExpandedOrSuppressed(String query, String key, String expected) throws Exception {
    try (TestOpening opening = opening()) {
      LookupTemplates templates = templates(opening);
      Template template = templates.query(query);
      LookupKey parts = templates.key(key);
      assertThat(parts == null ? null : template.expand(parts, text -> text)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "%u-%s   | key           | m1@a.b,m2 | m1-m1@a.b,m2-m2",
        "%u-%s   | key           | @x.org    | -",
        "%d      | key           | m1@a.b,m2 | a.b",
        "%d      | key           | @x.org    | x.org",
        "%U:%s   | key           | m1@a.b,m2 | key:m1@a.b,key:m2",
        "%U:%s   | a@example.com | one       | a:one",
        "%U:%s   | @example.com  | one       | -",
        "%U:%s   | noat@         | z         | noat:z",
        "%1%2:%s | a@example.com | one       | comexample:one",
        "%1%2:%s | a@b..c        | dots      | cb:dots",
        "%1%2:%s | a@com         | one       | -",
        "%1%2:%s | key           | one       | -",
        "fixed   | key           | one,two   | fixed,fixed",
      })
  void valuesAreFormattedAndJoined(String format, String key, String values, String expected)
      throws Exception {
    try (TestOpening opening = opening()) {
      LookupTemplates templates = templates(opening);
      templates.query("x");
      Template result = templates.result(format);
      LookupKey parts = templates.key(key);
      LookupResult answer = null;
      if (parts != null) {
        JoinedValues joined = new JoinedValues(templates, result, 0, parts);
        for (String value : values.split(",", -1)) {
          joined.add(value);
        }
        answer = joined.result();
      }
      assertThat(answer == null ? Answer.of(org.postern.spi.NotFound.NOT_FOUND) : Answer.of(answer))
          .isEqualTo(
              expected == null
                  ? Answer.of(org.postern.spi.NotFound.NOT_FOUND)
                  : Answer.found(expected));
    }
  }

  @Test
  void emptyValuesAreWarnedOfAndNullsAreNot() throws Exception {
    try (TestOpening opening = opening()) {
      LookupTemplates templates = templates(opening);
      Template format = templates.result("%s");
      LookupKey key = requireNonNull(templates.key("k"));
      JoinedValues joined = new JoinedValues(templates, format, 0, key);
      joined.add(null);
      joined.add("");
      joined.add("v");
      assertThat(Answer.of(joined.result())).isEqualTo(Answer.found("v"));
      opening.assertWarnings(
          "table \"sqlite:" + opening.name() + "\": empty lookup result for: \"k\" -- ignored");
      assertThat(templates.key("")).isNull();
      assertThat(opening.log().getLast().text())
          .isEqualTo("table \"sqlite:" + opening.name() + "\": empty query string -- ignored");
    }
  }

  @Test
  void moreValuesThanTheLimitAreAnError() throws Exception {
    try (TestOpening opening = opening()) {
      LookupTemplates templates = templates(opening);
      LookupKey key = requireNonNull(templates.key("k"));
      JoinedValues joined = new JoinedValues(templates, templates.result("%s"), 1, key);
      assertThat(joined.add("one")).isTrue();
      assertThat(Answer.of(joined.result())).isEqualTo(Answer.found("one"));
      assertThat(joined.add("two")).isFalse();
      assertThat(joined.result()).isEqualTo(new Retry("Expansion limit exceeded for key: 'k'"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT '%x'", "SELECT %", "%0"})
  void aPercentThatMeansNothingIsAnError(String query) throws Exception {
    try (TestOpening opening = opening()) {
      LookupTemplates templates = templates(opening);
      assertThatThrownBy(() -> templates.query(query))
          .hasMessage("db_common_parse: " + opening.name() + ": Invalid query template: " + query);
    }
  }
}
