package org.postern.driver.textfile;

import java.io.IOException;
import java.io.InputStream;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.FileTrouble;
import org.postern.platform.text.HeapLimit;
import org.postern.platform.text.MapSource;
import org.postern.platform.text.ValueFiles;
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

  ByteMap read(InputStream input) throws TableUnavailableException {
    HeapLimit heap = new HeapLimit(opening, file);
    ValueFiles valueFiles = new ValueFiles(opening, heap);
    MapSource source =
        new MapSource(
            input,
            file,
            opening.logger(),
            heap,
            has(TableFlags.UTF8_REQUEST),
            " -- ignoring this line");
    ByteMap entries = new ByteMap();
    try {
      for (MapSource.Pair pair = source.next(); pair != null; pair = source.next()) {
        store(pair, source, entries, valueFiles, heap);
      }
      return entries;
    } catch (IOException e) {
      throw new TableUnavailableException("read " + file + ": " + FileTrouble.words(e), e);
    }
  }

  private void store(
      MapSource.Pair pair, MapSource source, ByteMap entries, ValueFiles valueFiles, HeapLimit heap)
      throws TableUnavailableException {
    String value = pair.value();
    if (has(TableFlags.SRC_RHS_IS_FILE)) {
      try {
        value = valueFiles.read(value);
      } catch (TableUnavailableException e) {
        source.warn(e.getMessage() + ": skipping this entry");
        return;
      }
    }
    byte[] key = ByteText.bytes(folding.fold(pair.key()));
    if (entries.get(key) != null && !replacesDuplicate(pair.key(), source)) {
      return;
    }
    heap.keep(ByteMap.ENTRY_OVERHEAD + key.length + value.length());
    entries.put(key, ByteText.bytes(value));
  }

  private boolean replacesDuplicate(String key, MapSource source) throws TableUnavailableException {
    String duplicate = "duplicate entry: \"%s\"".formatted(ByteText.printable(key));
    if (has(TableFlags.DUP_IGNORE)) {
      return false;
    }
    if (has(TableFlags.DUP_REPLACE)) {
      return true;
    }
    if (has(TableFlags.DUP_WARN)) {
      source.warn(duplicate);
      return false;
    }
    throw new TableUnavailableException(source.at() + duplicate);
  }

  private boolean has(int flag) {
    return (opening.instanceFlags() & flag) != 0;
  }
}
