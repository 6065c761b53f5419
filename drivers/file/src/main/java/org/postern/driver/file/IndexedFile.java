package org.postern.driver.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.postern.spi.Access;
import org.postern.spi.TableOpening;

/**
 * The file of a table, and the source that postmap(1) made it from.
 *
 * @param source what the table's name says; relative names are relative to queue_directory
 * @param path the source with the type's suffix
 */
public record IndexedFile(Path source, Path path) {
  /** postmap(1) may be about to run when the source has just changed. */
  private static final Duration JUST_CHANGED = Duration.ofSeconds(100);

  /**
   * The file of a table.
   *
   * @param suffix with its dot
   */
  public static IndexedFile of(TableOpening opening, String suffix) {
    Path source =
        Path.of(opening.parameters().get("queue_directory").orElse("/")).resolve(opening.name());
    return new IndexedFile(source, Path.of(source + suffix));
  }

  /** Warns, as Postfix does, of a source that was changed and not made into a table. */
  public void warnIfOlderThanSource(TableOpening opening) {
    if (opening.access() != Access.READ_ONLY) {
      return;
    }
    try {
      FileTime changed = Files.getLastModifiedTime(source);
      if (changed.compareTo(Files.getLastModifiedTime(path)) > 0
          && changed.toInstant().isBefore(Instant.now().minus(JUST_CHANGED))) {
        opening
            .logger()
            .log(
                System.Logger.Level.WARNING,
                "database " + path + " is older than source file " + source);
      }
    } catch (IOException noSource) {
      // An indexed file may stand alone.
    }
  }
}
