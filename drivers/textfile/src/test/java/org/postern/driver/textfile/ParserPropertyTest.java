package org.postern.driver.textfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.Bytes.bytes;
import static org.postern.testkit.Bytes.text;

import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.postern.spi.Entry;
import org.postern.spi.Found;
import org.postern.spi.Sequence;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.TestOpening;

/** Whatever the bytes are, the parsers end as they should; and what was written can be read. */
final class ParserPropertyTest {
  private static final int NO_FILES = ~TableFlags.SRC_RHS_IS_FILE;

  @Property
  void anyBytesAreATexthashOrAReason(@ForAll("sources") String source, @ForAll int flags) {
    try {
      ByteMap entries = readTexthash(source, flags & NO_FILES);
      assertThat(entries.size()).isLessThanOrEqualTo(source.length());
    } catch (TableUnavailableException e) {
      assertThat(e.getMessage()).startsWith("source, line ").contains("duplicate entry");
    }
  }

  @Property
  void anyBytesAreAnInlineTableOrAReason(@ForAll("sources") String source, @ForAll int flags) {
    try {
      openInline("{" + source + "}", flags & NO_FILES);
    } catch (TableUnavailableException e) {
      assertThat(e.getMessage()).endsWith("\"; need \"inline:{name=value...}\"");
    }
  }

  @Property
  void anyBytesAreAStaticTableOrAReason(@ForAll("sources") String source) {
    try {
      TestOpening.of("static", bytes(source)).open(new StaticDriver());
    } catch (TableUnavailableException e) {
      assertThat(e.getMessage()).startsWith("bad static:name syntax: ");
    }
  }

  @Property
  void whatIsWrittenAsTexthashIsRead(@ForAll("entries") Map<String, String> entries)
      throws Exception {
    StringBuilder source = new StringBuilder("# head\n");
    entries.forEach((key, value) -> source.append(key + " \t" + value + " \n\n# between\n"));
    assertThat(contents(readTexthash(source.toString(), 0).sequence())).isEqualTo(entries);
  }

  @Property
  void whatIsWrittenAsInlineIsRead(@ForAll("entries") Map<String, String> entries)
      throws Exception {
    StringBuilder source = new StringBuilder("{ ");
    entries.forEach((key, value) -> source.append("{ " + key + " = " + value + " }, "));
    Table table = openInline(source + "}", 0);
    assertThat(contents(table.sequence(0))).isEqualTo(entries);
  }

  @Property
  void theMapHoldsWhatWasPutLast(@ForAll("puts") List<String> keys) {
    ByteMap map = new ByteMap();
    Map<String, String> expected = new HashMap<>();
    for (String key : keys) {
      String value = "value " + expected.size();
      map.put(bytes(key), bytes(value));
      expected.put(key, value);
    }
    assertThat(map.size()).isEqualTo(expected.size());
    assertThat(contents(map.sequence())).isEqualTo(expected);
    expected.forEach((key, value) -> {
      Found found = map.get(bytes(key));
      assertThat(found == null ? "absent" : text(found.value())).isEqualTo(value);
      assertThat(map.get(bytes(key + "\0"))).isNull();
    });
  }

  private static ByteMap readTexthash(String source, int flags) throws TableUnavailableException {
    TestOpening opening = TestOpening.of("texthash", "source").instanceFlags(flags);
    return new TexthashReader(opening).read(new ByteArrayInputStream(bytes(source)));
  }

  private static Table openInline(String name, int flags) throws TableUnavailableException {
    return TestOpening.of("inline", bytes(name)).instanceFlags(flags).open(new InlineDriver());
  }

  private static Map<String, String> contents(Sequence walk) {
    Map<String, String> contents = new HashMap<>();
    while (walk.next() instanceof Entry entry) {
      assertThat(contents.put(text(entry.key()), text(entry.value()))).isNull();
    }
    return contents;
  }

  /** Any bytes, and often the ones that mean something. */
  @Provide
  Arbitrary<String> sources() {
    return Arbitraries.oneOf(
            Arbitraries.strings().withCharRange('\0', '\u00ff').ofLength(1),
            Arbitraries.of(
                "{", "}", "=", ",", " ", "\t", "\n", "#", "\"", "\\", "a", "\u00c3\u00a9"))
        .list()
        .ofMaxSize(60)
        .map(pieces -> String.join("", pieces));
  }

  /** Keys without white space or quoting, values without white space at their ends or braces. */
  @Provide
  Arbitrary<Map<String, String>> entries() {
    Arbitrary<String> words =
        Arbitraries.strings()
            .withCharRange('!', '\u00ff')
            .excludeChars('"', '\\', '#', '{', '}', '=')
            .ofMinLength(1)
            .ofMaxLength(20);
    Arbitrary<String> values = words.list().ofMinSize(1).ofMaxSize(4).map(w -> String.join(" ", w));
    return Arbitraries.maps(words, values).ofMinSize(1).ofMaxSize(50);
  }

  /** Few letters, so that keys come again; enough of them that the map has to grow. */
  @Provide
  Arbitrary<List<String>> puts() {
    return Arbitraries.strings().withChars("ab\u00ff").ofMaxLength(6).list().ofMaxSize(300);
  }
}
