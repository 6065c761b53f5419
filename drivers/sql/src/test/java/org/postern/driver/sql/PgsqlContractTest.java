package org.postern.driver.sql;

import java.nio.file.Path;
import org.postern.testservers.Postgres;

class PgsqlContractTest extends SqlContract {
  PgsqlContractTest() {
    super("pgsql");
  }

  @Override
  String config(Path directory) throws Exception {
    Postgres.shared()
        .execute("DROP TABLE IF EXISTS contract", CREATE, INSERT, "GRANT ALL ON contract TO mail");
    return Postgres.shared().config();
  }
}
