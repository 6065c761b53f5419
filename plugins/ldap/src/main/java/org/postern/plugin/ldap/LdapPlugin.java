package org.postern.plugin.ldap;

import java.util.List;
import org.postern.driver.ldap.LdapDriver;
import org.postern.spi.TableDriver;
import org.postern.spi.TablePlugin;

/** Brings ldap tables. */
public final class LdapPlugin implements TablePlugin {
  @Override
  public List<TableDriver> drivers() {
    return List.of(new LdapDriver());
  }
}
