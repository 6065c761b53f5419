package org.postern.driver.berkeleydb;

final class BtreeContractTest implements BerkeleyDbContract {

  @Override
  public String maptype() {
    return "btree";
  }

  @Override
  public Mode mode() {
    return Mode.MEMORY;
  }
}
