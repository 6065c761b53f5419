package org.postern.driver.textfile;

import java.util.Set;
import org.postern.platform.text.Braces;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.HeapLimit;
import org.postern.platform.text.ValueFiles;
import org.postern.spi.Access;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * The {@code inline} type: a table whose name holds its entries, {@code inline:{ key=value, { key =
 * text with spaces }}}. DATABASE_README tells of it. The last of several values for one key counts.
 * Read-only.
 */
public final class InlineDriver implements TableDriver {

  @Override
  public Set<String> maptypes() {
    return Set.of("inline");
  }

  @Override
  public int instanceFlags() {
    return TableFlags.FOLD_FIX | TableFlags.UTF8_REQUEST | TableFlags.SRC_RHS_IS_FILE;
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    String name = ByteText.of(opening.nameBytes());
    String table = "inline:" + ByteText.printable(name);
    if (opening.access() != Access.READ_ONLY) {
      throw new TableUnavailableException(table + " map requires O_RDONLY access mode");
    }
    int flags = opening.instanceFlags();
    if ((flags & TableFlags.UTF8_REQUEST) != 0 && !ByteText.isUtf8(name)) {
      throw trouble("bad UTF-8 syntax", table, "value");
    }
    if (name.length() < 3 || Braces.length(name) != name.length()) {
      throw trouble("bad syntax", table, "value");
    }
    boolean valuesAreFiles = (flags & TableFlags.SRC_RHS_IS_FILE) != 0;
    ByteMap entries = new ByteMap();
    try {
      ValueFiles files = new ValueFiles(opening, new HeapLimit(opening, table));
      for (String word : Braces.split(name.substring(1, name.length() - 1))) {
        InlineEntry entry = InlineEntry.parse(word);
        String value = valuesAreFiles ? files.read(entry.value()) : entry.value();
        entries.put(ByteText.bytes(KeyFolding.of(flags).fold(entry.key())), ByteText.bytes(value));
      }
    } catch (TableUnavailableException e) {
      throw trouble(e.getMessage() + "", table, valuesAreFiles ? "filename" : "value");
    }
    if (entries.size() == 0) {
      throw trouble("empty table", table, valuesAreFiles ? "filename" : "value");
    }
    return new MemoryTable(entries);
  }

  private static TableUnavailableException trouble(String what, String table, String kind) {
    return new TableUnavailableException(
        what + ": \"" + table + "\"; need \"inline:{name=" + kind + "...}\"");
  }
}
