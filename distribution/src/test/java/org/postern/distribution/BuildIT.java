package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the build has made: the same bytes of the same source, but for the AOT cache. */
class BuildIT {
  /** Archives have local time. */
  private static final Instant LATEST =
      Instant.parse(System.getProperty("postern.timestamp", "")).plus(1, ChronoUnit.DAYS);

  /** A method of Postern, and on which level (4) it was compiled. */
  private static final Pattern COMPILED_BY_C2 =
      Pattern.compile("^ *C org/postern/host/\\S+#\\d+L4 ");

  private static final Path INSTALLATION =
      Path.of(PosternProcess.COMMAND).resolve("../..").normalize();

  @Test
  void noArchiveHoldsTheTimeOfTheBuild() throws Exception {
    List<Path> archives;
    try (Stream<Path> files = Files.walk(INSTALLATION)) {
      archives = files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
    assertThat(archives).hasSizeGreaterThan(20);
    for (Path archive : archives) {
      assertThat(youngEntries(archive)).as("%s", archive).isEmpty();
    }
  }

  /** Else the first lookups of its tables take twice as long, and nothing else shows it. */
  @Test
  void theTrainingRunForTheAotCacheHasAskedADatabase() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("os.arch", "").equals("amd64"), "no MariaDB for other processors");
    String log = Files.readString(Path.of("target/aot-training.log"), StandardCharsets.ISO_8859_1);
    assertThat(log)
        .doesNotContain("without databases", ".cf is unavailable", "postern train: table mysql:");
    Path cache = INSTALLATION.resolve("lib/postern.aot");
    assertThat(Files.readString(cache, StandardCharsets.ISO_8859_1))
        .as("classes that only a connection to a MariaDB loads")
        .contains("com/mysql/cj/protocol/a/NativeProtocol");
  }

  /**
   * Else what serves lookups is compiled in later runs as it was in the training run: by C1 alone,
   * and costs nearly twice as much for ever.
   */
  @Test
  void theTrainingRunForTheAotCacheHasCompiledWithC2() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(PosternProcess.COMMAND, "--version").redirectErrorStream(true);
    builder
        .environment()
        .put("POSTERN_JVM_OPTIONS", "-XX:+UnlockDiagnosticVMOptions -XX:+AOTPrintTrainingInfo");
    Process process = builder.start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertThat(process.waitFor()).isZero();
    assertThat(printed.lines().filter(line -> COMPILED_BY_C2.matcher(line).find()))
        .hasSizeGreaterThan(100);
  }

  private static List<String> youngEntries(Path archive) throws IOException {
    List<String> young = new ArrayList<>();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        if (entry.getLastModifiedTime().toInstant().isAfter(LATEST)) {
          young.add(entry.getName());
        }
      }
    }
    return young;
  }
}
