package org.postern.driver.composite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postern.testkit.Bytes.bytes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.Access;
import org.postern.spi.Backend;
import org.postern.spi.ConfigError;
import org.postern.spi.Found;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.Sequence;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Answer;
import org.postern.testkit.LogLine;
import org.postern.testkit.TestOpening;

/** What the contract does not ask. The answers are those of postmap(1) 3.7 and 3.12. */
final class CompositeTest {

  private static TestOpening opening(String maptype, Table first, Table second) {
    return TestOpening.of(maptype, "{a:first, b:second}")
        .member("a:first", first)
        .member("b:second", second);
  }

  private static Table union(Table first, Table second) throws TableUnavailableException {
    return opening("unionmap", first, second).open(new UnionmapDriver());
  }

  private static Table pipe(Table first, Table second) throws TableUnavailableException {
    return opening("pipemap", first, second).open(new PipemapDriver());
  }

  private static SampleTable table(String... keysAndValues) {
    Map<String, String> entries = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      entries.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return SampleTable.of(entries);
  }

  @ParameterizedTest
  @CsvSource({"v,w,'v,w'", "'',w,w", "v,'','v,'"})
  void aUnionPutsACommaBehindWhatIsNotEmpty(String first, String second, String both)
      throws Exception {
    Table union = union(table("k", first), table("k", second));
    assertThat(Answer.of(union.lookup(bytes("k"), 0))).isEqualTo(Answer.found(both));
  }

  @Test
  void aUnionOfEmptyAnswersIsNoAnswer() throws Exception {
    Table union = union(table("k", ""), table("k", ""));
    assertThat(union.lookup(bytes("k"), 0)).isEqualTo(NotFound.NOT_FOUND);
  }

  @Test
  void anEmptyAnswerIsTheKeyOfTheNextTableInAPipe() throws Exception {
    Table pipe = pipe(table("k", ""), table("", "found"));
    assertThat(Answer.of(pipe.lookup(bytes("k"), 0))).isEqualTo(Answer.found("found"));
  }

  @Test
  void aValueEndsAtItsFirstNul() throws Exception {
    Table pipe = pipe(table("k", "v\0more"), table("v", "w\0more"));
    assertThat(Answer.of(pipe.lookup(bytes("k"), 0))).isEqualTo(Answer.found("w"));
    Table union = union(table("k", "v\0more"), table("k", "w"));
    assertThat(Answer.of(union.lookup(bytes("k"), 0))).isEqualTo(Answer.found("v,w"));
  }

  @Test
  void aMembersErrorIsTheWholesError() throws Exception {
    Table union = union(table("retry", "v"), table());
    assertThat(union.lookup(bytes("retry"), 0)).isEqualTo(new Retry("no answer today"));
    assertThat(union.lookup(bytes("config"), 0)).isEqualTo(new ConfigError("to be mended"));
    Table pipe = pipe(table("a", "retry", "b", "config"), table());
    assertThat(pipe.lookup(bytes("a"), 0)).isEqualTo(new Retry("no answer today"));
    assertThat(pipe.lookup(bytes("b"), 0)).isEqualTo(new ConfigError("to be mended"));
    assertThat(pipe.lookup(bytes("c"), 0))
        .as("the second table is not asked")
        .isEqualTo(NotFound.NOT_FOUND);
  }

  @Test
  void theFirstMemberTellsWhetherKeysAreFixed() throws Exception {
    int pattern = TableFlags.PATTERN | TableFlags.SURROGATE | TableFlags.UTF8_ACTIVE;
    int fixed = TableFlags.FIXED | TableFlags.TRY0NULL | TableFlags.TRY1NULL;
    assertThat(union(table().flags(pattern), table().flags(fixed)).flags())
        .isEqualTo(TableFlags.PATTERN);
    assertThat(pipe(table().flags(fixed), table().flags(pattern)).flags())
        .isEqualTo(TableFlags.FIXED);
  }

  @Test
  void membersAreAskedWithTheFlagsOfTheInstanceAndDebuggedTablesWithTheRequests() throws Exception {
    SampleTable first = table();
    SampleTable second = table().flags(TableFlags.PATTERN);
    opening("unionmap", first, second)
        .instanceFlags(TableFlags.FOLD_FIX | TableFlags.LOCK)
        .open(new UnionmapDriver())
        .lookup(bytes("k"), TableFlags.FOLD_MUL);
    assertThat(first.flagsAsked).isEqualTo(TableFlags.FOLD_FIX | TableFlags.FIXED);
    assertThat(second.flagsAsked).isEqualTo(TableFlags.FOLD_FIX | TableFlags.PATTERN);
    TestOpening.of("debug", "a:b")
        .member("a:b", first)
        .instanceFlags(TableFlags.FOLD_FIX)
        .open(new DebugDriver())
        .lookup(bytes("k"), TableFlags.FOLD_MUL);
    assertThat(first.flagsAsked).isEqualTo(TableFlags.FOLD_MUL);
  }

  @Test
  void aLookupIsAnsweredAtOnceWhenAllMembersCanDoIt() throws Exception {
    SampleTable waits = table("quick", "w").waiting("db", 3);
    Table union = union(table("quick", "v", "slow", "v"), waits);
    assertThat(union.backend()).contains(new Backend("db", 3));
    assertThat(union.lookupAtOnce(bytes("quick"), 0)).isInstanceOf(Found.class);
    assertThat(union.lookupAtOnce(bytes("slow"), 0)).isNull();
    Table pipe = pipe(table("k", "quick", "l", "slow"), waits);
    assertThat(pipe.lookupAtOnce(bytes("k"), 0)).isInstanceOf(Found.class);
    assertThat(pipe.lookupAtOnce(bytes("l"), 0)).isNull();
    assertThat(pipe.lookupAtOnce(bytes("m"), 0)).isEqualTo(NotFound.NOT_FOUND);
    assertThat(union(table(), table()).backend()).isEmpty();
  }

  @Test
  void severalBackendsGetWorkersOfTheirOwn() throws Exception {
    Table union = union(table().waiting("db", 3), table().waiting("ldap", 2));
    assertThat(union.backend()).contains(new Backend("unionmap:{a:first, b:second}", 2));
    assertThat(union(table().waiting("db", 3), table().waiting("db", 3)).backend())
        .contains(new Backend("db", 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x", "}{{}", "{", "{}", "{ }", "{,}", "{a:b", "{a:b}}", "{a:{b}", "{a:b}x", "{a}", "{a:b c}"
      })
  void aNameThatIsNoListOfTablesIsRefused(String name) {
    for (TableDriver driver : new TableDriver[] {new PipemapDriver(), new UnionmapDriver()}) {
      String maptype = driver.maptypes().iterator().next();
      assertThatThrownBy(() -> TestOpening.of(maptype, name).open(driver))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessage("bad syntax: \"%s:%s\"; need \"%s:{type:name...}\"", maptype, name, maptype);
    }
  }

  @Test
  void aRandmapNeedsAValue() {
    assertThatThrownBy(() -> TestOpening.of("randmap", "{ }").open(new RandmapDriver()))
        .isInstanceOf(TableUnavailableException.class)
        .hasMessage("bad syntax: \"randmap:{ }\"; need \"randmap:{value...}\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pipemap", "unionmap", "randmap"})
  void noneOfThemCanBeWritten(String maptype) {
    TableDriver driver =
        switch (maptype) {
          case "pipemap" -> new PipemapDriver();
          case "unionmap" -> new UnionmapDriver();
          default -> new RandmapDriver();
        };
    assertThatThrownBy(
            () -> TestOpening.of(maptype, "{a:b}").access(Access.READ_WRITE).open(driver))
        .isInstanceOf(TableUnavailableException.class)
        .hasMessage("%s:{a:b} map requires O_RDONLY access mode", maptype);
  }

  @Test
  void bracesNest() throws Exception {
    SampleTable inner = table("k", "v");
    Table union =
        TestOpening.of("unionmap", "{pipemap:{inline:{{a b = c}}, d:e}, static:{two words}}")
            .member("pipemap:{inline:{{a b = c}}, d:e}", inner)
            .member("static:{two words}", table("k", "two words"))
            .open(new UnionmapDriver());
    assertThat(Answer.of(union.lookup(bytes("k"), 0))).isEqualTo(Answer.found("v,two words"));
  }

  @Test
  void aRandmapAnswersEachOfItsValues() throws Exception {
    Table random = TestOpening.of("randmap", "{one, two {three four}}").open(new RandmapDriver());
    Set<String> answers = new HashSet<>();
    while (answers.size() < 3) {
      answers.add(Answer.of(random.lookup(bytes("any"), 0)));
    }
    assertThat(answers)
        .containsExactlyInAnyOrder(
            Answer.found("one"), Answer.found("two"), Answer.found("{three four}"));
  }

  @Test
  void aRandmapsValuesMayBeFiles(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("value"), "content");
    try (TestOpening opening =
        TestOpening.of("randmap", "{" + file + "}").instanceFlags(TableFlags.SRC_RHS_IS_FILE)) {
      Table random = opening.open(new RandmapDriver());
      assertThat(Answer.of(random.lookup(bytes("any"), 0))).isEqualTo(Answer.found("Y29udGVudA=="));
      assertThat(opening.watched()).containsExactly(file);
    }
  }

  /** The lines of Postfix's own dict_debug_test. */
  @Test
  void debugLogsEveryAccess() throws Exception {
    try (TestOpening opening =
        TestOpening.of("debug", "internal:name").member("internal:name", table("seen", "s"))) {
      Table debug = opening.open(new DebugDriver());
      debug.lookup(bytes("k"), 0);
      debug.update(bytes("k"), bytes("v"), 0);
      debug.lookup(bytes("k\u0001\u00ff"), 0);
      debug.lookup(bytes("k"), 0);
      debug.lookup(bytes("retry"), 0);
      assertThat(debug.lookup(bytes("config"), 0)).isEqualTo(new ConfigError("to be mended", 4));
      debug.update(bytes("retry"), bytes("v"), 0);
      try (Sequence walk = debug.sequence(0)) {
        walk.next();
        walk.next();
        walk.next();
      }
      debug.delete(bytes("k"), 0);
      debug.delete(bytes("k"), 0);
      assertThat(opening.log().stream().map(LogLine::text))
          .containsExactly(
              "internal:name lookup: \"k\" = \"not_found\"",
              "internal:name update: \"k\" = \"v\": success",
              "internal:name lookup: \"k??\" = \"not_found\"",
              "internal:name lookup: \"k\" = \"v\"",
              "internal:name lookup: \"retry\" = \"error\"",
              "internal:name lookup: \"config\" = \"error\"",
              "internal:name update: \"retry\" = \"v\": error",
              "internal:name sequence: \"k\" = \"v\"",
              "internal:name sequence: \"seen\" = \"s\"",
              "internal:name sequence: found EOF",
              "internal:name delete: \"k\": success",
              "internal:name delete: \"k\": failed");
    }
  }
}
