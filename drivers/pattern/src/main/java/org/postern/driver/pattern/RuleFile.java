package org.postern.driver.pattern;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postern.platform.text.Braces;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.FileTrouble;
import org.postern.platform.text.HeapLimit;
import org.postern.platform.text.LogicalLines;
import org.postern.platform.text.SettledFile;
import org.postern.platform.text.SourceFile;
import org.postern.spi.Access;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * A file of rules, one a logical line; or a table's name that holds the rules itself, <code>
 * regexp:{ {/pattern/ result}, {…} }</code>, each as one line.
 */
final class RuleFile {
  /** A line takes some objects, and what is compiled from it more. */
  private static final int LINE_OVERHEAD = 400;

  private RuleFile() {}

  /**
   * A logical line.
   *
   * @param text a byte string without white space at its end; empty when it began with a NUL
   * @param number the file's first line is 1
   */
  record Line(String text, int number) {}

  /** A table's name as messages about its rules show it. */
  static String printableName(TableOpening opening) {
    return ByteText.printable(ByteText.of(opening.nameBytes()));
  }

  /** Reads the rules in the name, or the file that it names, which is watched from then on. */
  static List<Line> read(TableOpening opening) throws TableUnavailableException {
    if (opening.access() != Access.READ_ONLY) {
      throw new TableUnavailableException(
          "%s:%s map requires O_RDONLY access mode".formatted(opening.maptype(), opening.name()));
    }
    String name = ByteText.of(opening.nameBytes());
    try {
      if (Braces.opens(name)) {
        return lines(new ByteArrayInputStream(linesIn(name, opening.maptype())), opening);
      }
      Path file = SourceFile.watched(opening.name(), opening);
      return SettledFile.read(file, opening.name(), input -> lines(input, opening));
    } catch (IOException e) {
      throw new TableUnavailableException(
          "open " + opening.name() + ": " + FileTrouble.words(e), e);
    }
  }

  /** A line for each rule in braces: a wrong one makes the whole table unavailable. */
  private static byte[] linesIn(String name, String maptype) throws TableUnavailableException {
    StringBuilder lines = new StringBuilder();
    try {
      for (String rule : Braces.split(Braces.inside(name))) {
        lines.append(Braces.content(rule)).append('\n');
      }
    } catch (TableUnavailableException e) {
      throw new TableUnavailableException(maptype + " map: " + e.getMessage(), e);
    }
    return ByteText.bytes(lines.toString());
  }

  private static List<Line> lines(InputStream input, TableOpening opening)
      throws IOException, TableUnavailableException {
    HeapLimit heap = new HeapLimit(opening, opening.name());
    List<Line> read = new ArrayList<>();
    LogicalLines lines = new LogicalLines(input, opening.name(), opening.logger(), heap);
    for (String line = lines.next(); line != null; line = lines.next()) {
      String text = ByteText.trimEnd(ByteText.untilNul(line));
      heap.keep(LINE_OVERHEAD + text.length());
      read.add(new Line(text, lines.number()));
    }
    return read;
  }
}
