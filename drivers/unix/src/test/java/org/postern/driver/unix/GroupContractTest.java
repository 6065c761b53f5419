package org.postern.driver.unix;

import java.nio.file.Path;

final class GroupContractTest implements AccountsContract {

  @Override
  public String table() {
    return "group.byname";
  }

  @Override
  public Path file() {
    return Path.of("/etc/group");
  }
}
