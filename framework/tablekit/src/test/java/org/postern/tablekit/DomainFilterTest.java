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
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.testkit.TestOpening;

/** The parameter domain; each expectation is what Postfix 3.7.11's postmap(1) did. */
class DomainFilterTest {
  @TempDir Path directory;

  private TestOpening opening(String domain) throws Exception {
    Path file = directory.resolve("t.cf");
    Files.writeString(file, "domain = " + domain + "\n");
    return TestOpening.of("mysql", file);
  }

  /** A table with one key. */
  private record OneKey(String key) implements Table {
    @Override
    public int flags() {
      return TableFlags.FIXED;
    }

    @Override
    public boolean answersFromMemory() {
      return true;
    }

    @Override
    public LookupResult lookup(byte[] asked, int flags) {
      return switch (key) {
        case "fail" -> new Retry("out of order");
        default ->
            new String(asked, java.nio.charset.StandardCharsets.UTF_8).equals(key)
                ? new Found(new byte[0])
                : NotFound.NOT_FOUND;
      };
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "example.com, EXAMPLE.org !bad.com, .sub.org | a@example.com | yes",
        "example.com, EXAMPLE.org !bad.com, .sub.org | a@Example.COM | yes",
        "example.com, EXAMPLE.org !bad.com, .sub.org | a@example.org | yes",
        "example.com, EXAMPLE.org !bad.com, .sub.org | a@bad.com     | no",
        "example.com, EXAMPLE.org !bad.com, .sub.org | a@x.sub.org   | no",
        "example.com                                 | example.com   | no",
        "example.com                                 | @example.com  | no",
        "example.com                                 | a@            | no",
        "example.com                                 | a             | no",
        "!bad.com bad.com inline:{other.com=x}       | a@bad.com     | no",
        "!bad.com bad.com inline:{other.com=x}       | a@other.com   | yes",
        "!inline:{other.com=x} other.com             | a@other.com   | no",
        "!!b.com                                     | a@b.com       | yes",
        "{c.com}                                     | a@c.com       | no",
        "fail:x                                      | a@b.com       | retry",
        "good.com fail:x                             | a@good.com    | yes",
        "''                                          | a             | yes",
      })
  void theFirstThatMatchesDecides(String list, String key, String expected) throws Exception {
    try (TestOpening opening =
        opening(list)
            .member("inline:{other.com=x}", new OneKey("other.com"))
            .member("fail:x", new OneKey("fail"))) {
      DomainFilter filter = DomainFilter.read(TableConfig.read(opening), opening);
      LookupResult refusal = filter.refusal(key);
      assertThat(
              switch (refusal) {
                case null -> "yes";
                case NotFound _ -> "no";
                default -> "retry";
              })
          .isEqualTo(expected);
      assertThat(filter.refusalAtOnce(key)).isEqualTo(refusal);
    }
  }

  @Test
  void aFileHoldsMoreOfTheList() throws Exception {
    Path list = directory.resolve("domains");
    Files.writeString(
        list, "example.com, example.org # tail comment\n# comment\n !neg.org  two.org\n");
    try (TestOpening opening = opening(list.toString())) {
      DomainFilter filter = DomainFilter.read(TableConfig.read(opening), opening);
      assertThat(filter.refusal("a@example.org")).isNull();
      assertThat(filter.refusal("a@two.org")).isNull();
      assertThat(requireNonNull(filter.refusal("a@neg.org"))).isEqualTo(NotFound.NOT_FOUND);
      assertThat(filter.refusal("a@comment")).isNotNull();
      assertThat(opening.watched()).contains(list);
      opening.assertWarnings(
          opening.name() + ": comment at end of line is not supported: # tail comment");
    }
    try (TestOpening opening = opening("!" + list)) {
      DomainFilter filter = DomainFilter.read(TableConfig.read(opening), opening);
      assertThat(filter.refusal("a@example.org")).isNotNull();
      assertThat(filter.refusal("a@neg.org")).isNull();
      opening.assertWarnings(
          opening.name() + ": comment at end of line is not supported: # tail comment");
    }
  }

  @Test
  void whatIsWrongWithAListIsSaid() throws Exception {
    try (TestOpening opening = opening("a.com ! b.com")) {
      TableConfig config = TableConfig.read(opening);
      assertThatThrownBy(() -> DomainFilter.read(config, opening))
          .hasMessage(opening.name() + ": no pattern after '!'");
    }
    Path none = directory.resolve("none");
    try (TestOpening opening = opening("a.com " + none)) {
      TableConfig config = TableConfig.read(opening);
      assertThatThrownBy(() -> DomainFilter.read(config, opening))
          .hasMessage("open file " + none + ": No such file or directory");
      assertThat(opening.watched()).contains(none);
    }
  }
}
