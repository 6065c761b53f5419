package org.postern.driver.composite;

import java.util.Set;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * The {@code pipemap} type: {@code pipemap:{type:name, type:name …}} asks the first table for the
 * key and each next one for the answer of the one before. DATABASE_README tells of it. Read-only.
 */
public final class PipemapDriver implements TableDriver {

  @Override
  public Set<String> maptypes() {
    return Set.of("pipemap");
  }

  @Override
  public int instanceFlags() {
    return MemberFlags.INSTANCE_FLAGS;
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    return new PipeTable(Members.open(opening));
  }
}
