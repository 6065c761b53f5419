package org.postern.driver.textfile;

import java.nio.file.Path;
import java.util.List;
import org.postern.spi.Entry;
import org.postern.spi.LookupResult;
import org.postern.spi.Retry;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

final class FailContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new FailDriver();
  }

  @Override
  public int flags() {
    return TableFlags.PATTERN;
  }

  @Override
  public TestOpening sample(Path directory) {
    return TestOpening.of("fail", "whatever");
  }

  @Override
  public List<Entry> entries() {
    return List.of();
  }

  @Override
  public Class<? extends LookupResult> answerToUnknownKeys() {
    return Retry.class;
  }
}
