package org.postern.driver.textfile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.postern.driver.file.FileTrouble;
import org.postern.driver.file.text.ByteText;
import org.postern.driver.file.text.HeapLimit;
import org.postern.driver.file.text.LogicalLines;
import org.postern.driver.file.text.SourceFile;
import org.postern.driver.file.text.ValueFiles;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * Reads a texthash file: postmap(1)'s source format. A line that is wrong is left out with a
 * warning; only a duplicate that no flag allows makes the table unavailable.
 */
final class TexthashReader {
  private final TableOpening opening;
  private final String file;
  private final KeyFolding folding;

  /**
   * @param opening also says what to do with duplicates, and whether the text must be UTF-8
   */
  TexthashReader(TableOpening opening) {
    this.opening = opening;
    this.file = opening.name();
    this.folding = KeyFolding.of(opening.instanceFlags());
  }

  ByteMap read(Path path) throws TableUnavailableException {
    try (InputStream input = SourceFile.open(path)) {
      return read(input);
    } catch (IOException e) {
      throw new TableUnavailableException("open database " + file + ": " + FileTrouble.words(e), e);
    }
  }

  ByteMap read(InputStream input) throws TableUnavailableException {
    HeapLimit heap = new HeapLimit(file);
    ValueFiles valueFiles = new ValueFiles(opening, heap);
    LogicalLines lines = new LogicalLines(input, file, opening.logger(), heap);
    ByteMap entries = new ByteMap();
    try {
      for (String line = lines.next(); line != null; line = lines.next()) {
        KeyValue entry = parse(ByteText.untilNul(line), lines.number());
        if (entry != null) {
          store(entry, lines.number(), entries, valueFiles, heap);
        }
      }
      return entries;
    } catch (IOException e) {
      throw new TableUnavailableException("read " + file + ": " + FileTrouble.words(e), e);
    }
  }

  private record KeyValue(String key, String value) {}

  private @Nullable KeyValue parse(String line, int number) {
    if (has(TableFlags.UTF8_REQUEST) && !ByteText.isUtf8(line)) {
      warn(
          number,
          "non-UTF-8 input \"%s\" -- ignoring this line".formatted(ByteText.printable(line)));
      return null;
    }
    int end = QuotedKey.end(line, c -> ByteText.isSpace((char) c));
    if (end == QuotedKey.UNBALANCED) {
      warn(
          number,
          "unbalanced '\"' in '%s' -- ignoring this line".formatted(ByteText.printable(line)));
      return null;
    }
    String key = line.substring(0, end);
    String value = ByteText.trim(line.substring(end));
    if (key.isEmpty() || value.isEmpty()) {
      warn(number, "expected format: key whitespace value -- ignoring this line");
      return null;
    }
    if (key.endsWith(":")) {
      warn(number, "record is in \"key: value\" format; is this an alias file?");
    }
    return new KeyValue(key, value);
  }

  private void store(
      KeyValue entry, int number, ByteMap entries, ValueFiles valueFiles, HeapLimit heap)
      throws TableUnavailableException {
    String value = entry.value();
    if (has(TableFlags.SRC_RHS_IS_FILE)) {
      try {
        value = valueFiles.read(value);
      } catch (TableUnavailableException e) {
        warn(number, e.getMessage() + ": skipping this entry");
        return;
      }
    }
    byte[] key = ByteText.bytes(folding.fold(entry.key()));
    if (entries.get(key) != null && !replacesDuplicate(entry.key(), number)) {
      return;
    }
    heap.keep(ByteMap.ENTRY_OVERHEAD + key.length + value.length());
    entries.put(key, ByteText.bytes(value));
  }

  private boolean replacesDuplicate(String key, int number) throws TableUnavailableException {
    String duplicate = "duplicate entry: \"%s\"".formatted(ByteText.printable(key));
    if (has(TableFlags.DUP_IGNORE)) {
      return false;
    }
    if (has(TableFlags.DUP_REPLACE)) {
      return true;
    }
    if (has(TableFlags.DUP_WARN)) {
      warn(number, duplicate);
      return false;
    }
    throw new TableUnavailableException(at(number) + duplicate);
  }

  private boolean has(int flag) {
    return (opening.instanceFlags() & flag) != 0;
  }

  private void warn(int number, String text) {
    opening.logger().log(System.Logger.Level.WARNING, at(number) + text);
  }

  private String at(int number) {
    return file + ", line " + number + ": ";
  }
}
