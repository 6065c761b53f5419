package org.postern.driver.unix;

import java.util.Optional;
import java.util.function.Consumer;
import org.postern.driver.unix.libc.AccountDatabase;
import org.postern.spi.Backend;
import org.postern.spi.LookupResult;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;

/**
 * Users or groups by name. What is found is one line in the form of passwd(5) or group(5). Every
 * lookup asks the name service anew, so there is nothing to watch.
 */
final class UnixTable implements Table {
  /** Local files want no more than there are processors, a directory server one for each wait. */
  private static final Backend NAME_SERVICE = new Backend("nss", 8);

  private final AccountDatabase database;

  UnixTable(AccountDatabase database) {
    this.database = database;
  }

  @Override
  public int flags() {
    return TableFlags.FIXED;
  }

  @Override
  public Optional<Backend> backend() {
    return Optional.of(NAME_SERVICE);
  }

  @Override
  public LookupResult lookup(byte[] key, int flags) {
    return database.find(key);
  }

  @Override
  public LookupResult explain(byte[] key, int flags, Consumer<String> told) {
    told.accept("calls: " + database.function() + "(3), which asks what nsswitch.conf(5) names");
    return lookup(key, flags);
  }
}
