package org.postern.driver.sql;

import java.nio.file.Path;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.testservers.MariaDb;

class MysqlContractTest extends SqlContract {
  MysqlContractTest() {
    super("mysql");
  }

  @Override
  public Class<? extends LookupResult> answerToKeysThatAreNotUtf8() {
    return NotFound.class; // MariaDB compares the bytes with a column of utf8mb4
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
