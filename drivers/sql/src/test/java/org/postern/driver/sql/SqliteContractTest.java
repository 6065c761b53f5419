package org.postern.driver.sql;

import java.nio.file.Path;
import java.sql.DriverManager;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;

class SqliteContractTest extends SqlContract {
  SqliteContractTest() {
    super("sqlite");
  }

  @Override
  public Class<? extends LookupResult> answerToKeysThatAreNotUtf8() {
    return NotFound.class; // Postfix does not ask SQLite for them
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
