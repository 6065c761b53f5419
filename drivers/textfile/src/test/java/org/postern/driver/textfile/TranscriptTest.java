package org.postern.driver.textfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.Bytes.bytes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.driver.textfile.Transcript.Answered;
import org.postern.spi.Entry;
import org.postern.spi.Found;
import org.postern.spi.Sequence;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Bytes;
import org.postern.testkit.LogLine;
import org.postern.testkit.Postmap;
import org.postern.testkit.TestOpening;

/** The transcripts under {@code transcripts/} hold for our drivers, and for the real postmap(1). */
@Execution(ExecutionMode.CONCURRENT)
final class TranscriptTest {
  @TempDir Path directory;

  static Stream<Transcript> transcripts() throws IOException {
    List<Transcript> all = new ArrayList<>();
    for (String type : List.of("texthash", "inline", "static")) {
      all.addAll(Transcript.read("/transcripts/" + type + ".transcript"));
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("transcripts")
  void ours(Transcript expected) throws Exception {
    TestOpening opening =
        TestOpening.of(expected.maptype(), bytes(makeSource(expected)))
            .instanceFlags(flags(expected.options()));
    try {
      Table table = opening.open(driver(expected.maptype()));
      Map<String, Answered> answers = new LinkedHashMap<>();
      expected.answers().keySet().forEach(key -> answers.put(key, ask(table, key, expected)));
      assertThat(answers).isEqualTo(expected.answers());
      if (!expected.walk().isEmpty()) {
        assertThat(walk(table)).containsExactlyInAnyOrderElementsOf(expected.walk());
      }
      assertThat(log(opening)).isEqualTo(expected.log());
    } catch (TableUnavailableException e) {
      List<String> log = log(opening);
      log.add("fatal: " + placeholders(e.getMessage() + ""));
      assertThat(log).isEqualTo(expected.log());
    }
  }

  @ParameterizedTest
  @MethodSource("transcripts")
  void postmaps(Transcript expected) throws Exception {
    Postmap postmap = Postmap.orSkip(directory, expected.maptype());
    String table = expected.maptype() + ":" + makeSource(expected);
    List<String> log =
        run(postmap, table, expected, String.join("\n", expected.answers().keySet()));
    assertThat(log).isEqualTo(expected.log());
  }

  private List<String> run(Postmap postmap, String table, Transcript expected, String keys)
      throws Exception {
    List<String> arguments = new ArrayList<>(expected.options());
    arguments.addAll(List.of("-q", "-", table));
    String input = expected.isFatal() ? "alpha\n" : keys + "\n";
    Postmap.Output output = postmap.run(bytes(input), arguments.toArray(String[]::new));
    StringBuilder answers = new StringBuilder();
    expected
        .answers()
        .forEach((key, answer) -> {
          if (answer.found()) {
            answers.append(key + '\t' + answer.value() + '\n');
          }
        });
    assertThat(output.text()).isEqualTo(answers.toString());
    return output.log().stream()
        // what postmap thinks of empty values is not the table's affair
        .filter(line -> !line.contains("empty string result is not allowed"))
        .filter(line -> !line.contains("should return NO RESULT"))
        .map(this::placeholders)
        .toList();
  }

  /** Makes what the table is read from, and gives its name. */
  private String makeSource(Transcript transcript) throws IOException {
    Files.writeString(directory.resolve("one"), "first line\nsecond line\n");
    Files.writeString(directory.resolve("empty"), "");
    Files.createDirectories(directory.resolve("directory"));
    String source = transcript.source().replace("DIR", directory.toString());
    return transcript.maptype().equals("texthash")
        ? Sources.write(directory.resolve("FILE"), source).toString()
        : source;
  }

  private static TableDriver driver(String maptype) {
    return switch (maptype) {
      case "texthash" -> new TexthashDriver();
      case "inline" -> new InlineDriver();
      case "static" -> new StaticDriver();
      default -> throw new IllegalArgumentException(maptype);
    };
  }

  /** The flags with which postmap(1) opens a table when it is given these options. */
  private static int flags(List<String> options) {
    int flags = TableFlags.LOCK | TableFlags.FOLD_FIX | TableFlags.UTF8_REQUEST;
    int duplicates = TableFlags.DUP_WARN;
    for (String option : options) {
      switch (option) {
        case "-f" -> flags &= ~TableFlags.FOLD_FIX;
        case "-u" -> flags &= ~TableFlags.UTF8_REQUEST;
        case "-F" -> flags |= TableFlags.SRC_RHS_IS_FILE;
        case "-w" -> duplicates = TableFlags.DUP_IGNORE;
        case "-r" -> duplicates = TableFlags.DUP_REPLACE;
        default -> throw new IllegalArgumentException(option);
      }
    }
    return flags | duplicates;
  }

  /** Asks as the host does: the key folded; and, as postmap -F does, decodes a file's content. */
  private static Answered ask(Table table, String key, Transcript transcript) {
    int flags = flags(transcript.options());
    byte[] folded = bytes(KeyFolding.of(flags).fold(key));
    if (!(table.lookup(folded, flags | table.flags()) instanceof Found found)) {
      return new Answered(false, "");
    }
    boolean isFile = (flags & TableFlags.SRC_RHS_IS_FILE) != 0;
    return new Answered(
        true, Bytes.text(isFile ? Base64.getDecoder().decode(found.value()) : found.value()));
  }

  private static List<String> walk(Table table) {
    List<String> entries = new ArrayList<>();
    try (Sequence walk = table.sequence(table.flags())) {
      while (walk.next() instanceof Entry entry) {
        entries.add(Bytes.text(entry.key()) + '\t' + Bytes.text(entry.value()));
      }
    }
    return entries;
  }

  private List<String> log(TestOpening opening) {
    List<String> lines = new ArrayList<>();
    for (LogLine line : opening.log()) {
      lines.add("warning: " + placeholders(line.text()));
    }
    return lines;
  }

  private String placeholders(String line) {
    return line.replace(directory.resolve("FILE").toString(), "FILE")
        .replace(directory.toString(), "DIR");
  }
}
