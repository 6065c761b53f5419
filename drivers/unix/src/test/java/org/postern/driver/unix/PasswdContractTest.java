package org.postern.driver.unix;

import java.nio.file.Path;

final class PasswdContractTest implements AccountsContract {

  @Override
  public String table() {
    return "passwd.byname";
  }

  @Override
  public Path file() {
    return Path.of("/etc/passwd");
  }
}
