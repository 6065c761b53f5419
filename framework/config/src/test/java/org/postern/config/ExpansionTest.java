package org.postern.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.platform.text.ByteStrings;

class ExpansionTest {

  private static String expand(String value, Map<String, String> settings)
      throws ExpansionException {
    return new Expansion(settings::get).expand("q", value);
  }

  /** {@code expansions.txt}: what postconf(1) made of every form of the syntax. */
  @Test
  void everyFormMeansWhatItMeansToPostconf() throws IOException {
    String[] halves = transcript().split("----\n", -1);
    Map<String, String> settings = new HashMap<>(PostfixDefaults.builtIn());
    MainCfParser.parse(Path.of("transcript"), ByteStrings.of(halves[0]), warning -> {})
        .forEach(setting -> settings.put(setting.name(), setting.value()));
    List<String> lines = halves[1].lines().toList();
    assertThat(lines.size()).isGreaterThan(150);
    for (int i = 0; i < lines.size(); i += 2) {
      String actual;
      try {
        actual = Postconf.asPrinted(expand(ByteStrings.of(lines.get(i)), settings));
      } catch (ExpansionException e) {
        actual = "ERROR";
      }
      assertThat(ByteStrings.decode(actual)).as(lines.get(i)).isEqualTo(lines.get(i + 1).strip());
    }
  }

  private static String transcript() throws IOException {
    try (InputStream in = ExpansionTest.class.getResourceAsStream("expansions.txt")) {
      return new String(requireNonNull(in).readAllBytes(), UTF_8);
    }
  }

  @Test
  void spaceInsideBracesIsKept() throws ExpansionException {
    assertThat(expand("[${a?{ x }}][${a? x }]", Map.of("a", "A"))).isEqualTo("[ x ][ x ]");
  }

  /** The answers are those of 3.12's postconf. */
  @ParameterizedTest
  @CsvSource({
    "domain_to_ascii{b\u00fccher.example}, xn--bcher-kva.example",
    "domain_to_ascii { B\u00dcCHER.Example } , xn--bcher-kva.example",
    "domain_to_ascii{Example.COM}, Example.COM",
    "domain_to_ascii{$d}, d.example",
    "domain_to_utf8{xn--bcher-kva.Example}, b\u00fccher.example",
    "domain_to_utf8{EXAMPLE.com}, example.com",
    "domain_to_utf8{}, ''",
  })
  void namedFunctionsOfPostfix312(String call, String expected) throws ExpansionException {
    Map<String, String> settings = Map.of("d", "d.example");
    assertThat(ByteStrings.decode(expand(ByteStrings.of("${" + call + "}"), settings)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "domain_to_ascii{}",
        "domain_to_ascii{a..\u00fc}",
        "domain_to_utf8{xn--zzzz}",
        "domain_to_ascii{stra\u00dfe.de}", // Postfix knows: see the class
        "domain_to_utf8{xn--strae-oqa.de}",
        "domain_to_latin1{a}",
        "domain_to_ascii{a}b",
      })
  void whatAFunctionCannotConvertIsRefused(String call) {
    assertThatExceptionOfType(ExpansionException.class)
        .isThrownBy(() -> expand(ByteStrings.of("${" + call + "}"), Map.of()));
  }

  @Test
  void aMistakeIsBlamedOnTheParameterThatHoldsIt() {
    assertThatExceptionOfType(ExpansionException.class)
        .isThrownBy(() -> expand("$a ${b?{$c}}", Map.of("a", "$b", "b", "x", "c", "${x?")))
        .withMessage("truncated macro reference: \"${x?\"")
        .extracting(ExpansionException::parameter)
        .isEqualTo("c");
  }

  @Test
  void valuesThatMultiplyAreRefused() {
    Map<String, String> settings = new HashMap<>();
    for (int i = 0; i < 90; i++) {
      settings.put("a" + i, "$a" + (i + 1) + "$a" + (i + 1));
    }
    assertThatExceptionOfType(ExpansionException.class)
        .isThrownBy(() -> expand("$a0", settings))
        .withMessageStartingWith("unreasonable macro call nesting");
    settings.put("a90", "some text");
    assertThatExceptionOfType(ExpansionException.class)
        .isThrownBy(() -> expand("$a0", settings))
        .withMessageStartingWith("unreasonable macro call nesting");
  }

  @Test
  void aComparisonThatAsksForItselfIsRefused() {
    assertThatExceptionOfType(ExpansionException.class)
        .isThrownBy(() -> expand("$a", Map.of("a", "${{$a} == {x} ? {y}}")))
        .withMessageStartingWith("unreasonable macro call nesting");
  }

  @Test
  void bracesNestedWithoutEndAreRefused() {
    String nested = "${{".repeat(50_000) + "}==".repeat(50_000);
    assertThatExceptionOfType(ExpansionException.class).isThrownBy(() -> expand(nested, Map.of()));
  }

  @Property
  void anyTextIsExpandedOrRefused(@ForAll("texts") String a, @ForAll("texts") String b) {
    try {
      assertThat(expand(a, Map.of("a", a, "b", b))).isNotNull();
    } catch (ExpansionException e) {
      assertThat(e.reason()).isNotEmpty();
      assertThat(e.parameter()).isIn("q", "a", "b");
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "$",
            "${",
            "}",
            "{",
            "(",
            ")",
            "$(",
            "a",
            "b",
            "1",
            "?",
            ":",
            " ",
            "==",
            "<",
            ">=level",
            "$$",
            "$a",
            "$b",
            "${a?{",
            "${{",
            "domain_to_ascii{",
            "\u00e9")
        .list()
        .ofMaxSize(12)
        .map(pieces -> String.join("", pieces));
  }
}
