package org.postern.operations.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.config.PosternParameters;

/** docs/metrics.md, and what is written about metrics elsewhere, hold what the code has. */
class MetricsDocumentTest {
  private static final Path DOCS =
      Path.of(System.getProperty("basedir", ".")).resolve("../../docs");

  private static String read(String name) throws IOException {
    return Files.readString(DOCS.resolve(name), UTF_8);
  }

  @Test
  void theDocumentsTableIsTheListInCode() throws IOException {
    List<String> rows =
        read("metrics.md").lines().filter(line -> line.startsWith("| `postern_")).toList();
    assertThat(rows)
        .containsExactlyElementsOf(
            Arrays.stream(Metric.values())
                .map(metric ->
                    "| `%s` | %s | %s | %s |"
                        .formatted(
                            metric.fullName(),
                            metric.type().name().toLowerCase(Locale.ROOT),
                            metric.labels().stream()
                                .map(label -> "`" + label + "`")
                                .collect(Collectors.joining(" ")),
                            metric.help()))
                .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"grafana-dashboard.json", "alerts.yml"})
  void whatIsAskedForIsInTheDocument(String file) throws IOException {
    Set<String> known =
        Arrays.stream(Metric.values())
            .flatMap(metric ->
                metric.type() == Metric.Type.HISTOGRAM
                    ? Stream.of("_bucket", "_sum", "_count")
                        .map(ending -> metric.fullName() + ending)
                    : Stream.of(metric.fullName()))
            .collect(Collectors.toCollection(TreeSet::new));
    Pattern.compile("^\\| `((?:jvm|process|system)_[a-z_]+)`", Pattern.MULTILINE)
        .matcher(read("metrics.md"))
        .results()
        .forEach(row -> known.add(row.group(1)));
    // What is said for people may name these too.
    PosternParameters.all().forEach(parameter -> known.add(parameter.name()));
    Set<String> asked =
        Pattern.compile("\\b(?:postern|jvm|process|system)_[a-z_]+")
            .matcher(read(file))
            .results()
            .map(found -> found.group())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(asked).hasSizeGreaterThan(5);
    assertThat(known).containsAll(asked);
  }
}
