package org.postern.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class MainCfParserTest {
  private static final Path FILE = Path.of("/etc/postfix/main.cf");

  private static void unexpected(String warning) {
    throw new AssertionError("unexpected warning: " + warning);
  }

  private static Setting setting(String name, String value, int line) {
    return new Setting(name, value, new Origin.InFile(FILE, line));
  }

  private static List<String> warnings(String content) {
    List<String> warnings = new ArrayList<>();
    MainCfParser.parse(FILE, content, warnings::add);
    return warnings;
  }

  @Test
  void settingsHaveTheLineTheyBeginIn() {
    String content =
        """
        # comment
        a = b

        c=d
          # comment
        # comment

           e   f\s
         = g
        h\t=
        """;
    assertThat(MainCfParser.parse(FILE, content, MainCfParserTest::unexpected))
        .containsExactly(
            setting("a", "b", 2), setting("c", "d   e   f  = g", 4), setting("h", "", 10));
  }

  @Test
  void theLastLineNeedsNoNewline() {
    assertThat(MainCfParser.parse(FILE, "a = b\nc = d", MainCfParserTest::unexpected))
        .containsExactly(setting("a", "b", 1), setting("c", "d", 2));
  }

  @Test
  void bytesAreKept() {
    assertThat(
            MainCfParser.parse(FILE, "a = \u00c3\u00a4\u00ff\u0085", MainCfParserTest::unexpected))
        .containsExactly(setting("a", "\u00c3\u00a4\u00ff\u0085", 1));
  }

  @Test
  void aLineWithoutEqualsIsRefusedInPostfixsWords() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () -> MainCfParser.parse(FILE, "a = b\n\nfoo bar\n", MainCfParserTest::unexpected))
        .withMessage(
            "/etc/postfix/main.cf, line 3: missing '=' after attribute name: \"foo bar\";"
                + " write name = value");
  }

  @Test
  void aLineWithoutNameIsRefusedInPostfixsWords() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> MainCfParser.parse(FILE, "= foo\n", MainCfParserTest::unexpected))
        .withMessage(
            "/etc/postfix/main.cf, line 1: missing attribute name: \"= foo\"; write name = value");
  }

  @Test
  void anEarlierSettingThatIsOverriddenIsWarnedOf() {
    assertThat(warnings("a = b\na = b\na = c\n"))
        .containsExactly("/etc/postfix/main.cf, line 3: overriding earlier entry: a=b");
  }

  @Test
  void aContinuationOfNothingIsWarnedOfAndDropped() {
    assertThat(warnings(" a = b\nc = d\n"))
        .containsExactly(
            "/etc/postfix/main.cf: logical line must not start with whitespace: \" a = b\"");
  }

  @Test
  void textAfterANulByteIsWarnedOfAndDropped() {
    List<String> warnings = new ArrayList<>();
    assertThat(MainCfParser.parse(FILE, "a = b\0c\n d\n", warnings::add))
        .containsExactly(setting("a", "b", 1));
    assertThat(warnings)
        .containsExactly("/etc/postfix/main.cf, line 1-2: text after null byte may be ignored");
  }

  @Property
  void anyBytesAreReadOrRefused(@ForAll("bytes") String content) {
    try {
      for (Setting setting : MainCfParser.parse(FILE, content, warning -> {})) {
        assertThat(setting.name()).isNotEmpty().doesNotContain("=", " ", "\n");
        assertThat(setting.value()).doesNotContain("\n", "\0");
      }
    } catch (ConfigurationException e) {
      assertThat(e).hasMessageStartingWith(FILE + ", line ");
    }
  }

  @Provide
  Arbitrary<String> bytes() {
    Arbitrary<Character> likely = Arbitraries.of(' ', '\t', '\n', '#', '=', 'a', '$', '\r', '\0');
    Arbitrary<Character> any = Arbitraries.chars().range('\0', '\u00ff');
    return Arbitraries.frequencyOf(Tuple.of(4, likely), Tuple.of(1, any))
        .list()
        .ofMaxSize(60)
        .map(MainCfParserTest::join);
  }

  @Property
  void whatIsWrittenIsReadBack(
      @ForAll("settings") List<Setting> settings, @ForAll("separators") String separator) {
    StringBuilder content = new StringBuilder();
    for (Setting setting : settings) {
      content.append(separator).append(setting.name()).append(" = ");
      // Every space of a value may also be the beginning of a continuation line.
      content.append(setting.value().replace(" ", "\n ")).append('\n');
    }
    assertThat(MainCfParser.parse(FILE, content.toString(), warning -> {}))
        .extracting(Setting::name, Setting::value)
        .containsExactlyElementsOf(
            settings.stream()
                .map(s -> org.assertj.core.groups.Tuple.tuple(s.name(), s.value()))
                .toList());
  }

  @Provide
  Arbitrary<List<Setting>> settings() {
    Arbitrary<String> names =
        Arbitraries.strings().withCharRange('!', '\u00ff').excludeChars('=', '#').ofMinLength(1);
    // A word that begins with # would be a comment at the beginning of a line.
    Arbitrary<String> words =
        Arbitraries.strings().withCharRange('!', '\u00ff').excludeChars('#').ofMinLength(1);
    Arbitrary<String> values = words.list().ofMaxSize(4).map(list -> String.join(" ", list));
    return Combinators.combine(names, values)
        .as((name, value) -> setting(name, value, 1))
        .list()
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<String> separators() {
    return Arbitraries.of("", "\n", "# a = b\n", " \n", "  # b\n\n");
  }

  private static String join(List<Character> characters) {
    StringBuilder text = new StringBuilder();
    characters.forEach(text::append);
    return text.toString();
  }
}
