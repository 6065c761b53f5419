package org.postern.driver.sql;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.postern.driver.sql.mysql.MysqlDialect;
import org.postern.driver.sql.pgsql.PgsqlDialect;
import org.postern.driver.sql.sqlite.SqliteDialect;
import org.postern.spi.LookupResult;
import org.postern.spi.Table;
import org.postern.testkit.Answer;
import org.postern.testkit.SettledFile;
import org.postern.testkit.TestOpening;

/** Tables of one driver, as tests open and ask them. */
final class SqlTables {
  final SqlDriver driver;
  private final String maptype;
  private final Path directory;
  private int number;

  SqlTables(String maptype, Path directory) {
    this.maptype = maptype;
    this.directory = directory;
    this.driver =
        new SqlDriver(
            switch (maptype) {
              case "mysql" -> new MysqlDialect();
              case "pgsql" -> new PgsqlDialect();
              default -> new SqliteDialect();
            });
  }

  /** An opening of a table with these parameters. */
  TestOpening opening(String config) throws Exception {
    return opening(config.getBytes(StandardCharsets.UTF_8));
  }

  /** The same with what need not be UTF-8. */
  TestOpening opening(byte[] config) throws Exception {
    Path file = directory.resolve("table" + number++ + ".cf");
    SettledFile.write(file, config);
    return TestOpening.of(maptype, file).parameter("postern_lookup_timeout", "4s");
  }

  static LookupResult lookup(Table table, String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    LookupResult atOnce = table.lookupAtOnce(bytes, table.flags());
    return atOnce != null ? atOnce : table.lookup(bytes, table.flags());
  }

  /** Asks with a key that is a byte string. */
  static String askBytes(Table table, String key) {
    byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
    LookupResult atOnce = table.lookupAtOnce(bytes, table.flags());
    return Answer.of(atOnce != null ? atOnce : table.lookup(bytes, table.flags()));
  }

  static String ask(Table table, String key) {
    return Answer.of(lookup(table, key));
  }
}
