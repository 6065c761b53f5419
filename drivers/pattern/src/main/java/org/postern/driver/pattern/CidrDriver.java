package org.postern.driver.pattern;

import java.util.Set;
import java.util.function.Consumer;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/** The {@code cidr} type: cidr_table(5), networks and what becomes of their clients. Read-only. */
public final class CidrDriver implements TableDriver {

  @Override
  public Set<String> maptypes() {
    return Set.of("cidr");
  }

  @Override
  public int instanceFlags() {
    return TableFlags.SRC_RHS_IS_FILE;
  }

  @Override
  public Table open(TableOpening opening) throws TableUnavailableException {
    return new CidrTable(new CidrRules(new CidrParser(opening).parse(RuleFile.read(opening))));
  }

  private record CidrTable(CidrRules rules) implements Table {
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
      CidrRule rule = rules.find(key);
      return rule == null ? NotFound.NOT_FOUND : new Found(rule.value());
    }

    @Override
    public LookupResult explain(byte[] key, int flags, Consumer<String> told) {
      CidrRule rule = rules.find(key);
      if (rule != null) {
        told.accept("matches: line " + rule.line());
      }
      return lookup(key, flags);
    }
  }
}
