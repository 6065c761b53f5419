package org.postern.driver.textfile;

import java.util.Set;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;

/**
 * The {@code internal} type: a table that lives in memory only and begins empty. Through the
 * read-only service it stays so. DATABASE_README tells of it.
 */
public final class InternalDriver implements TableDriver {

  @Override
  public Set<String> maptypes() {
    return Set.of("internal");
  }

  @Override
  public Table open(TableOpening opening) {
    return new InternalTable();
  }
}
