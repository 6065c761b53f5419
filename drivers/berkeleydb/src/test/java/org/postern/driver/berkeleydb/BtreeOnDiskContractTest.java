package org.postern.driver.berkeleydb;

final class BtreeOnDiskContractTest implements BerkeleyDbContract {

  @Override
  public String maptype() {
    return "btree";
  }

  @Override
  public Mode mode() {
    return Mode.DISK;
  }
}
