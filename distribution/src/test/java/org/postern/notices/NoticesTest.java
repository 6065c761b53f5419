package org.postern.notices;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoticesTest {
  @TempDir Path directory;
  private Path copyright;
  private Path licenses;

  @BeforeEach
  void describe() throws IOException {
    Files.createDirectories(directory.resolve("home/lib"));
    Files.createDirectories(directory.resolve("home/plugins/one/lib"));
    licenses = Files.createDirectory(directory.resolve("licenses"));
    copyright =
        Files.writeString(
            directory.resolve("copyright"),
            """
            Format: x

            Files: *
            Copyright: the Postern authors
            License: Apache-2.0

            Files: */bare-*.jar */worn-*.jar
            Copyright: Jane Doe
            License: X-1.0 or Y-2.0

            License: X-1.0
             Do as you like.
             .
             Twice.
            """);
  }

  private void jar(String name, Map<String, String> entries) throws IOException {
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(directory.resolve("home").resolve(name)))) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        jar.putNextEntry(new ZipEntry(entry.getKey()));
        jar.write(entry.getValue().getBytes(UTF_8));
      }
    }
  }

  private String notices() throws IOException {
    return Notices.of(directory.resolve("home"), copyright, licenses);
  }

  @Test
  void theyHoldWhatIsInTheArchivesAndTheTextOfALicenseThatIsNot() throws IOException {
    jar("lib/bare-1.jar", Map.of("META-INF/NOTICE.txt", "Thanks to all."));
    jar(
        "plugins/one/lib/worn-2.jar",
        Map.of("META-INF/LICENSE", "As it was.", "a/Notice.class", "-"));
    jar("lib/postern-own.jar", Map.of());
    assertThat(notices())
        .contains("bare-1.jar\n  Copyright: Jane Doe\n  License: X-1.0 or Y-2.0\n")
        .contains("Thanks to all.", "Do as you like.\n\nTwice.", "As it was.")
        .contains("  META-INF/LICENSE: text 3")
        .doesNotContain("postern-own", "Notice.class");
  }

  @Test
  void aLibraryThatNothingIsKnownOfEndsTheBuild() throws IOException {
    jar("lib/unknown-1.jar", Map.of("META-INF/LICENSE", "Something"));
    assertThatThrownBy(this::notices).hasMessageContaining("unknown-1.jar");
  }

  @Test
  void aLicenseWithoutATextEndsTheBuild() throws IOException {
    Files.writeString(
        copyright,
        "\nFiles: */only-*.jar\nCopyright: J\nLicense: Z\n",
        java.nio.file.StandardOpenOption.APPEND);
    jar("lib/only-1.jar", Map.of());
    assertThatThrownBy(this::notices).hasMessageContaining("only-1.jar").hasMessageContaining("Z");
  }
}
