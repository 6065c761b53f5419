package org.postern.driver.unix;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.postern.driver.unix.libc.AccountDatabase;
import org.postern.spi.Access;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * The {@code unix} type: {@code unix:passwd.byname} and {@code unix:group.byname}, users and groups
 * as this machine's name service gives them. DATABASE_README tells of it. Read-only.
 */
public final class UnixDriver implements TableDriver {

  @Override
  public Set<String> maptypes() {
    return Set.of("unix");
  }

  @Override
  public void preload() {
    // The C library loads what nsswitch.conf(5) names when it is first asked.
    for (AccountDatabase database : AccountDatabase.values()) {
      database.find("root".getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    if (opening.access() != Access.READ_ONLY) {
      throw new TableUnavailableException(
          "unix:" + opening.name() + " map requires O_RDONLY access mode");
    }
    return switch (opening.name()) {
      case "passwd.byname" -> new UnixTable(AccountDatabase.PASSWD);
      case "group.byname" -> new UnixTable(AccountDatabase.GROUP);
      default -> throw new TableUnavailableException("unknown table: unix:" + opening.name());
    };
  }
}
