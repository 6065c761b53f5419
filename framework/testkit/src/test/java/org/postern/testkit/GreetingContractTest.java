package org.postern.testkit;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.postern.spi.Entry;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.spi.TableOpening;

/** The smallest driver, which can do nothing but answer, passes by refusing the rest. */
final class GreetingContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new GreetingDriver();
  }

  @Override
  public TestOpening sample(Path directory) {
    return TestOpening.of("greeting", "hello");
  }

  @Override
  public List<Entry> entries() {
    return List.of(Bytes.entry("anybody", "hello"));
  }

  @Override
  public boolean caseMatters() {
    return false;
  }

  @Override
  public Class<? extends LookupResult> answerToUnknownKeys() {
    return Found.class;
  }

  private static final class GreetingDriver implements TableDriver {
    @Override
    public Set<String> maptypes() {
      return Set.of("greeting");
    }

    @Override
    public Table open(TableOpening opening) {
      byte[] greeting = opening.nameBytes();
      return new Table() {
        @Override
        public int flags() {
          return TableFlags.FIXED;
        }

        @Override
        public boolean answersFromMemory() {
          return true;
        }

        @Override
        public LookupResult lookup(byte[] key, int flags) {
          return new Found(greeting);
        }
      };
    }
  }
}
