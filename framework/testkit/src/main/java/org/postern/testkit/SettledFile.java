package org.postern.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/**
 * A file as an operator wrote it a while ago. Postfix waits, for two seconds, before it reads
 * parameters or a texthash table from a file that has changed just now.
 */
public final class SettledFile {
  private static final Duration AGE = Duration.ofMinutes(1);

  private SettledFile() {}

  /** Writes it in UTF-8. */
  public static Path write(Path file, CharSequence content) throws IOException {
    return write(file, content.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Writes it. */
  public static Path write(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    return settle(file);
  }

  /** Has a file that was written just now be an older one. */
  public static Path settle(Path file) throws IOException {
    return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(AGE)));
  }
}
