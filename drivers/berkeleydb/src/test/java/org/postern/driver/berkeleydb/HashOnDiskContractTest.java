package org.postern.driver.berkeleydb;

final class HashOnDiskContractTest implements BerkeleyDbContract {

  @Override
  public String maptype() {
    return "hash";
  }

  @Override
  public Mode mode() {
    return Mode.DISK;
  }
}
