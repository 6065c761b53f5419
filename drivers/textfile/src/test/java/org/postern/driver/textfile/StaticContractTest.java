package org.postern.driver.textfile;

import java.nio.file.Path;
import java.util.List;
import org.postern.spi.Entry;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.TableDriver;
import org.postern.testkit.Bytes;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

final class StaticContractTest implements DriverContract {

  @Override
  public TableDriver driver() {
    return new StaticDriver();
  }

  @Override
  public TestOpening sample(Path directory) {
    return TestOpening.of("static", "value");
  }

  @Override
  public List<Entry> entries() {
    return List.of(Bytes.entry("alpha", "value"), Bytes.entry("", "value"));
  }

  @Override
  public Class<? extends LookupResult> answerToUnknownKeys() {
    return Found.class;
  }

  @Override
  public boolean caseMatters() {
    return false;
  }
}
