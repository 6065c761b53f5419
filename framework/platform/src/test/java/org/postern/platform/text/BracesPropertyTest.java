package org.postern.platform.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.postern.spi.TableUnavailableException;

/** Whatever is inside braces, they are found as balpar(3) and split as mystrtokq(3) does it. */
final class BracesPropertyTest {

  @Property
  void anyTextHasWordsThatAreInIt(@ForAll("texts") String text) {
    int at = 0;
    for (String word : Braces.split(text)) {
      assertThat(word).isNotEmpty();
      int found = text.indexOf(word, at);
      assertThat(found).as("word %s behind %d of %s", word, at, text).isNotNegative();
      assertThat(text.substring(at, found)).matches("[, \t\r\n]*");
      at = found + word.length();
    }
    assertThat(text.substring(at)).matches("[, \t\r\n]*");
  }

  @Property
  void whatIsClosedHasAsManyBracesOfBothKinds(@ForAll("texts") String text) {
    int length = Braces.length(text);
    String braced = text.substring(0, length);
    assertThat(count(braced, '{')).isEqualTo(count(braced, '}'));
    assertThat(length == 0 || (braced.startsWith("{") && braced.endsWith("}"))).isTrue();
    for (int i = 1; i < length; i++) {
      assertThat(count(text.substring(0, i), '{')).isGreaterThan(count(text.substring(0, i), '}'));
    }
  }

  @Property
  void contentIsWhatTheBracesHoldOrAReason(@ForAll("texts") String text) {
    try {
      String content = Braces.content(text);
      assertThat(text).startsWith("{").endsWith("}").contains(content);
    } catch (TableUnavailableException e) {
      String reason = Braces.length(text) == 0 ? "missing '}' in " : "syntax error after '}' in ";
      assertThat(e.getMessage())
          .startsWith(text.startsWith("{") ? reason : "no '{' at start of text in ");
    }
  }

  @Property
  void whatIsWrittenAsAListIsRead(@ForAll("lists") List<String> words) {
    assertThat(Braces.words("{" + String.join(", ", words) + "}")).isEqualTo(words);
    assertThat(Braces.words("{ " + String.join(" ", words) + " }")).isEqualTo(words);
    assertThat(Braces.words("{{" + String.join("\t", words) + "}}"))
        .containsExactly("{" + String.join("\t", words) + "}");
  }

  @Property
  void whatIsNoListAsAWholeHasNoWords(@ForAll("texts") String text) {
    if (text.isEmpty() || Braces.length(text) != text.length()) {
      assertThat(Braces.words(text)).isEmpty();
    }
  }

  /** A million levels: no recursion, and no time that grows with their square. */
  @Property(tries = 1)
  void depthCostsNothing() {
    String deep = "{".repeat(1_000_000) + "}".repeat(1_000_000);
    assertThat(Braces.words(deep)).containsExactly(deep.substring(1, deep.length() - 1));
    assertThat(Braces.words(deep + "}")).isEmpty();
    assertThat(Braces.split("}".repeat(1_000_000))).hasSize(1);
  }

  private static long count(String text, char wanted) {
    return text.chars().filter(c -> c == wanted).count();
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.of("{", "}", ",", " ", "\t", "\r\n", ":", "hash:/x", "a"),
            Arbitraries.strings().withCharRange('\0', '\u00ff').ofLength(1))
        .list()
        .ofMaxSize(40)
        .map(pieces -> String.join("", pieces));
  }

  /** Words in which braces, if any, nest. */
  @Provide
  Arbitrary<List<String>> lists() {
    Arbitrary<String> word =
        Arbitraries.strings()
            .withCharRange('!', '\u00ff')
            .excludeChars('{', '}', ',')
            .ofMinLength(1)
            .ofMaxLength(8);
    return Arbitraries.recursive(
            () -> word,
            inner ->
                inner
                    .list()
                    .ofMaxSize(3)
                    .map(words -> "unionmap:{" + String.join(", ", words) + "}"),
            0,
            4)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }
}
