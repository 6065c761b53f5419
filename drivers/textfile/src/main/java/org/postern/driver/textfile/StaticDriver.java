package org.postern.driver.textfile;

import java.util.Set;
import org.postern.platform.text.Braces;
import org.postern.platform.text.ByteText;
import org.postern.platform.text.HeapLimit;
import org.postern.platform.text.ValueFiles;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * The {@code static} type: one value for every key, the empty one too. The value is the table's
 * name, {@code static:value} or {@code static:{ value with spaces }}. DATABASE_README tells of it.
 */
public final class StaticDriver implements TableDriver {

  @Override
  public Set<String> maptypes() {
    return Set.of("static");
  }

  @Override
  public int instanceFlags() {
    return TableFlags.SRC_RHS_IS_FILE;
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    String value = value(ByteText.of(opening.nameBytes()));
    if ((opening.instanceFlags() & TableFlags.SRC_RHS_IS_FILE) != 0) {
      HeapLimit heap = new HeapLimit(opening, "static:" + opening.name());
      value = new ValueFiles(opening, heap).read(value);
    }
    return new StaticTable(new Found(ByteText.bytes(value)));
  }

  private static String value(String name) throws TableUnavailableException {
    try {
      return Braces.opens(name) ? Braces.content(name) : name;
    } catch (TableUnavailableException e) {
      throw new TableUnavailableException("bad static:name syntax: " + e.getMessage(), e);
    }
  }

  private record StaticTable(Found answer) implements Table {
    @Override
    public int flags() {
      return TableFlags.FIXED;
    }

    @Override
    public boolean answersFromMemory() {
      return true;
    }

    @Override
    public LookupResult lookup(byte[] key, int flags) {
      return answer;
    }
  }
}
