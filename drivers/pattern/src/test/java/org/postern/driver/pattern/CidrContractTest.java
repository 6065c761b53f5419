package org.postern.driver.pattern;

import java.util.List;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;
import org.postern.testkit.Bytes;

final class CidrContractTest implements RulesContract {

  @Override
  public TableDriver driver() {
    return new CidrDriver();
  }

  @Override
  public String maptype() {
    return "cidr";
  }

  @Override
  public String rules() {
    return "192.0.2.1 one\n192.0.2.2 two words\n198.51.100.3 3\n";
  }

  @Override
  public List<Entry> entries() {
    return List.of(
        Bytes.entry("192.0.2.1", "one"),
        Bytes.entry("192.0.2.2", "two words"),
        Bytes.entry("198.51.100.3", "3"));
  }
}
