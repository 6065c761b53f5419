package org.postern.platform.text;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.postern.spi.TableUnavailableException;

/**
 * Reads the source of a table, as postmap(1) describes it: each logical line is a key, white space
 * and a value. A line that is wrong is left out, with a warning in Postfix's words.
 */
public final class MapSource {
  private final String file;
  private final System.Logger logger;
  private final LogicalLines lines;
  private final boolean utf8;
  private final String leftOut;

  /**
   * @param file its name as the log shows it
   * @param heap what a line may take
   * @param utf8 whether lines must be UTF-8
   * @param leftOut how the warning of a line without a value ends: texthash says more than postmap
   */
  public MapSource(
      InputStream input,
      String file,
      System.Logger logger,
      HeapLimit heap,
      boolean utf8,
      String leftOut) {
    this.file = file;
    this.logger = logger;
    this.lines = new LogicalLines(input, file, logger, heap);
    this.utf8 = utf8;
    this.leftOut = leftOut;
  }

  /** A key and its value, byte strings; neither is empty. */
  public record Pair(String key, String value) {}

  /**
   * The next pair; null at the end.
   *
   * @throws TableUnavailableException when a line is too long for the heap
   */
  public @Nullable Pair next() throws IOException, TableUnavailableException {
    for (String line = lines.next(); line != null; line = lines.next()) {
      Pair pair = parse(ByteText.untilNul(line));
      if (pair != null) {
        return pair;
      }
    }
    return null;
  }

  private @Nullable Pair parse(String line) {
    if (utf8 && !ByteText.isUtf8(line)) {
      warn("non-UTF-8 input \"%s\" -- ignoring this line".formatted(ByteText.printable(line)));
      return null;
    }
    int end = QuotedKey.end(line, c -> ByteText.isSpace((char) c));
    if (end == QuotedKey.UNBALANCED) {
      warn("unbalanced '\"' in '%s' -- ignoring this line".formatted(ByteText.printable(line)));
      return null;
    }
    String key = line.substring(0, end);
    String value = ByteText.trim(line.substring(end));
    if (key.isEmpty() || value.isEmpty()) {
      warn("expected format: key whitespace value" + leftOut);
      return null;
    }
    if (key.endsWith(":")) {
      warn("record is in \"key: value\" format; is this an alias file?");
    }
    return new Pair(key, value);
  }

  /** Warns of something in the line of the last pair. */
  public void warn(String text) {
    logger.log(System.Logger.Level.WARNING, at() + text);
  }

  /** Where the last pair is: for the beginning of a message. */
  public String at() {
    return file + ", line " + lines.number() + ": ";
  }
}
