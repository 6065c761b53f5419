package org.postern.testkit.skipped;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How many tests were skipped for each reason.
 *
 * <p>As a program: prints what the {@link SkippedTests} of a build have written.
 */
public final class SkippedSum {
  private final Map<String, Long> tests = new TreeMap<>();

  private SkippedSum() {}

  static SkippedSum of(List<SkippedLine> lines) {
    SkippedSum sum = new SkippedSum();
    lines.forEach(line -> sum.tests.merge(line.reason(), line.tests(), Long::sum));
    return sum;
  }

  /** One line for each reason; none if nothing was skipped. */
  List<String> lines() {
    return tests.entrySet().stream()
        .map(each ->
            each.getValue() == 0
                ? "     some checks: " + each.getKey()
                : "%6d %s: %s"
                    .formatted(
                        each.getValue(), each.getValue() == 1 ? "test" : "tests", each.getKey()))
        .toList();
  }

  /**
   * Adds up a build's.
   *
   * @param arguments the directory of the files; when the build began, as ISO 8601 has it: older
   *     files are another build's
   */
  public static void main(String[] arguments) throws IOException {
    List<String> lines = of(Path.of(arguments[0]), Instant.parse(arguments[1])).lines();
    if (!lines.isEmpty()) {
      System.out.println("Skipped in this build:\n" + String.join("\n", lines));
    }
  }

  static SkippedSum of(Path directory, Instant begun) throws IOException {
    List<SkippedLine> lines = new ArrayList<>();
    if (Files.isDirectory(directory)) { // else no test has run
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          if (!Files.getLastModifiedTime(file).toInstant().isBefore(begun)) {
            Files.readAllLines(file).forEach(line -> lines.add(SkippedLine.parse(line)));
          }
        }
      }
    }
    return of(lines);
  }
}
