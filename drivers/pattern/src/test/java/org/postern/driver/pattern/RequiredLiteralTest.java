package org.postern.driver.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequiredLiteralTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '\u0001',
      value = {
        "^user17@example\\.com$ user17@example.com",
        "^(.*)@Example\\.ORG$ @example.org",
        "ab*cde cde",
        "abc+de abc",
        "abc?de ab",
        "abc{2}de ab",
        "abc{2}+defg defg",
        "x(abc)*yz yz",
        "[[:alpha:]]abc abc",
        "[]x]abc[^]y]de abc",
        "abc\\bd abc",
        "(a|b)cde cde",
        "a\\|b a|b",
      })
  void theLongestRunOutsideOfGroups(String pattern, String literal) {
    assertThat(RequiredLiteral.ofExtended(pattern)).isEqualTo(literal);
    assertThat(RequiredLiteral.ofPerl(pattern)).isEqualTo(literal);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\u0001',
      delimiter = ' ',
      value = {
        "abc|def",
        "(abc",
        "abc)",
        "(?i)abc",
        "(*UTF)abc",
        "abc\\",
        "[abc",
        "x{y|z}",
      })
  void noneWhereAnythingIsDoubtful(String pattern) {
    assertThat(RequiredLiteral.ofExtended(pattern)).isEmpty();
    assertThat(RequiredLiteral.ofPerl(pattern)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\u0001',
      delimiter = ' ',
      value = {
        "\\Qa|b\\Eabc",
        "(?x)abc",
        "abc\\x{41}",
        "(\\Q)\\E)abc",
        "[a[:]foo[b:]bar",
        "[\\Q]\\E]abc",
      })
  void noneForWhatOnlyPerlHas(String pattern) {
    assertThat(RequiredLiteral.ofPerl(pattern)).isEmpty();
  }
}
