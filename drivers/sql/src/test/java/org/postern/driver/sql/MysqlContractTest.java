package org.postern.driver.sql;

import java.nio.file.Path;
import org.postern.testservers.MariaDb;

class MysqlContractTest extends SqlContract {
  MysqlContractTest() {
    super("mysql");
  }

  @Override
  String config(Path directory) throws Exception {
    MariaDb.shared()
        .execute(
            "DROP TABLE IF EXISTS mail.contract",
            CREATE.replace("contract", "mail.contract") + " COLLATE utf8mb4_bin",
            INSERT.replace("contract", "mail.contract"));
    return MariaDb.shared().config();
  }

  /** MySQL takes no account of spaces at the end of a CHAR or VARCHAR of most collations. */
  @Override
  public void keysNearAnEntryAreOtherKeys(Path directory) {}
}
