package org.postern.driver.pattern;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postern.driver.file.FileTrouble;
import org.postern.driver.file.text.ByteText;
import org.postern.driver.file.text.HeapLimit;
import org.postern.driver.file.text.LogicalLines;
import org.postern.driver.file.text.SettledFile;
import org.postern.driver.file.text.SourceFile;
import org.postern.spi.Access;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/** A file of rules, one a logical line. */
final class RuleFile {
  /** A line takes some objects, and what is compiled from it more. */
  private static final int LINE_OVERHEAD = 400;

  private RuleFile() {}

  /**
   * A logical line.
   *
   * @param text a byte string without white space at its end, not empty
   * @param number the file's first line is 1
   */
  record Line(String text, int number) {}

  /** Reads the file that the opening names, which is watched from then on. */
  static List<Line> read(TableOpening opening) throws TableUnavailableException {
    if (opening.access() != Access.READ_ONLY) {
      throw new TableUnavailableException(
          "%s:%s map requires O_RDONLY access mode".formatted(opening.maptype(), opening.name()));
    }
    Path file = SourceFile.watched(opening.name(), opening);
    try {
      return SettledFile.read(file, opening.name(), () -> lines(file, opening));
    } catch (IOException e) {
      throw new TableUnavailableException(
          "open " + opening.name() + ": " + FileTrouble.words(e), e);
    }
  }

  private static List<Line> lines(Path file, TableOpening opening)
      throws IOException, TableUnavailableException {
    HeapLimit heap = new HeapLimit(opening.name());
    List<Line> read = new ArrayList<>();
    try (InputStream input = SourceFile.open(file)) {
      LogicalLines lines = new LogicalLines(input, opening.name(), opening.logger(), heap);
      for (String line = lines.next(); line != null; line = lines.next()) {
        String text = ByteText.trimEnd(ByteText.untilNul(line));
        if (!text.isEmpty()) {
          heap.keep(LINE_OVERHEAD + text.length());
          read.add(new Line(text, lines.number()));
        }
      }
    }
    return read;
  }
}
