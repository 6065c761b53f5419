package org.postern.driver.textfile;

import java.util.Set;
import org.postern.spi.LookupResult;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;

/**
 * The {@code fail} type: every request fails, for tests of what Postfix then does. The name may be
 * anything, and is there for the log. DATABASE_README tells of it.
 */
public final class FailDriver implements TableDriver {

  @Override
  public Set<String> maptypes() {
    return Set.of("fail");
  }

  @Override
  public Table open(TableOpening opening) {
    return new FailTable(new Retry("fail:" + opening.name() + " always fails"));
  }

  private record FailTable(Retry answer) implements Table {
    @Override
    public int flags() {
      return TableFlags.PATTERN;
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
