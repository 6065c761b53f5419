package org.postern.driver.sql;

import java.nio.file.Path;
import java.sql.DriverManager;

class SqliteContractTest extends SqlContract {
  SqliteContractTest() {
    super("sqlite");
  }

  @Override
  String config(Path directory) throws Exception {
    Path file = directory.resolve("db");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute(CREATE);
      statement.execute(INSERT);
    }
    return "dbpath = " + file + "\n";
  }
}
