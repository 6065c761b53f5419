package org.postern.config;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Tells whether somebody may be in the middle of writing a configuration file. Half a main.cf lists
 * half of the tables, and mail for the others would be refused.
 */
public final class SettledFiles {
  /** For how long nobody must have written. */
  private static final Duration QUIET = Duration.ofMillis(300);

  /** The same on a file system that keeps whole seconds. */
  private static final Duration QUIET_OF_COARSE_CLOCK = Duration.ofSeconds(1).plus(QUIET);

  /** For how long nobody must have written where the file has no end, as while it is copied. */
  private static final Duration QUIET_OF_CUT_SHORT = Duration.ofSeconds(3);

  private SettledFiles() {}

  /** Whether none of the files is likely to be written at that time. One that is absent is not. */
  public static boolean areSettled(List<Path> files, Instant now) {
    return files.stream().noneMatch(file -> mayBeHalfWritten(file, now));
  }

  private static boolean mayBeHalfWritten(Path file, Instant now) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Instant changed = attributes.lastModifiedTime().toInstant();
      // One from the future tells nothing, and is taken as it is.
      if (!attributes.isRegularFile() || changed.isAfter(now)) {
        return false;
      }
      Duration quiet =
          changed.equals(changed.truncatedTo(ChronoUnit.SECONDS)) ? QUIET_OF_COARSE_CLOCK : QUIET;
      return changed.plus(quiet).isAfter(now)
          || (changed.plus(QUIET_OF_CUT_SHORT).isAfter(now) && isCutShort(file, attributes.size()));
    } catch (IOException absentOrUnreadable) {
      return false;
    }
  }

  /** Whether the last line has no end, or there is none. */
  private static boolean isCutShort(Path file, long size) throws IOException {
    if (size == 0) {
      return true;
    }
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
      content.seek(size - 1);
      return content.read() != '\n';
    }
  }
}
