package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** Whoever builds the same source gets the same bytes, but for the AOT cache. */
class ReproducibleIT {
  /** Archives have local time. */
  private static final Instant LATEST =
      Instant.parse(System.getProperty("postern.timestamp", "")).plus(1, ChronoUnit.DAYS);

  @Test
  void noArchiveHoldsTheTimeOfTheBuild() throws Exception {
    Path installation = Path.of(PosternProcess.COMMAND).resolve("../..").normalize();
    List<Path> archives;
    try (Stream<Path> files = Files.walk(installation)) {
      archives = files.filter(file -> file.toString().endsWith(".jar")).toList();
    }
    assertThat(archives).hasSizeGreaterThan(20);
    for (Path archive : archives) {
      assertThat(youngEntries(archive)).as("%s", archive).isEmpty();
    }
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
