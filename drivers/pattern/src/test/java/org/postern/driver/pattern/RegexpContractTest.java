package org.postern.driver.pattern;

import org.postern.spi.TableDriver;

final class RegexpContractTest implements ExpressionsContract {

  @Override
  public TableDriver driver() {
    return new RegexpDriver();
  }

  @Override
  public String maptype() {
    return "regexp";
  }
}
