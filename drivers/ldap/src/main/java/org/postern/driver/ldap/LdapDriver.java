package org.postern.driver.ldap;

import java.util.Set;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.postern.tablekit.SharedPools;

/**
 * Opens {@code ldap:/file} and {@code ldap:name}: ldap_table(5). Reads the parameters {@code
 * postern_pool_size}, how many connections to a directory there may be for tables of equal
 * connection parameters, and {@code postern_lookup_timeout}. No connection is made before the first
 * lookup.
 */
public final class LdapDriver implements TableDriver {
  private final SharedPools<ConnectionSettings, Directory> directories = new SharedPools<>();

  @Override
  public Set<String> maptypes() {
    return Set.of("ldap");
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    return new TableFile(opening).open(directories);
  }
}
