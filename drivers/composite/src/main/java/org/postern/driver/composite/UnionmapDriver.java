package org.postern.driver.composite;

import java.util.Set;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * The {@code unionmap} type: {@code unionmap:{type:name, type:name …}} asks every table for the key
 * and joins the answers with commas. DATABASE_README tells of it. Read-only.
 */
public final class UnionmapDriver implements TableDriver {

  @Override
  public Set<String> maptypes() {
    return Set.of("unionmap");
  }

  @Override
  public int instanceFlags() {
    return MemberFlags.INSTANCE_FLAGS;
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    return new UnionTable(Members.open(opening));
  }
}
