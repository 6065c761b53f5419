package org.postern.driver.pattern;

import org.postern.spi.TableDriver;

final class PcreContractTest implements ExpressionsContract {

  @Override
  public TableDriver driver() {
    return new PcreDriver();
  }

  @Override
  public String maptype() {
    return "pcre";
  }
}
