package org.postern.driver.pattern;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.postern.testkit.Bytes;

/** Writes rule files that look as if they had been there for a while. */
final class Rules {
  private Rules() {}

  /**
   * @param content one character for each byte
   */
  static Path write(Path file, String content) throws IOException {
    Files.write(file, Bytes.bytes(content));
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofMinutes(1))));
    return file;
  }
}
