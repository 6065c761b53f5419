package org.postern.driver.textfile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.postern.platform.text.FileTrouble;
import org.postern.platform.text.SettledFile;
import org.postern.platform.text.SourceFile;
import org.postern.spi.Access;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * The {@code texthash} type: a text file of the form that postmap(1) reads, held in memory.
 * DATABASE_README tells of it. Read-only.
 */
public final class TexthashDriver implements TableDriver {

  @Override
  public Set<String> maptypes() {
    return Set.of("texthash");
  }

  @Override
  public int instanceFlags() {
    return TableFlags.DUP_WARN
        | TableFlags.DUP_IGNORE
        | TableFlags.DUP_REPLACE
        | TableFlags.FOLD_FIX
        | TableFlags.UTF8_REQUEST
        | TableFlags.SRC_RHS_IS_FILE;
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    if (opening.access() != Access.READ_ONLY) {
      throw new TableUnavailableException(
          "texthash:" + opening.name() + " map requires O_RDONLY access mode");
    }
    Path file = SourceFile.watched(opening.name(), opening);
    TexthashReader reader = new TexthashReader(opening);
    try {
      return new MemoryTable(SettledFile.read(file, opening.name(), reader::read));
    } catch (IOException e) {
      throw new TableUnavailableException(
          "open database " + opening.name() + ": " + FileTrouble.words(e), e);
    }
  }
}
