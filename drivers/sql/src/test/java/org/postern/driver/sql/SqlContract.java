package org.postern.driver.sql;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.postern.spi.Entry;
import org.postern.spi.LookupResult;
import org.postern.spi.Retry;
import org.postern.spi.TableDriver;
import org.postern.testkit.Bytes;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

/** The contract, for tables in a real server or file. */
abstract class SqlContract implements DriverContract {
  private static final String QUERY = "query = SELECT v FROM contract WHERE k = '%s'\n";
  static final String CREATE = "CREATE TABLE contract (k VARCHAR(255), v VARCHAR(255))";
  static final String INSERT =
      "INSERT INTO contract VALUES ('root', 'postmaster'), ('info', 'two words')";

  private final String maptype;
  private final SqlDriver driver;

  SqlContract(String maptype) {
    this.maptype = maptype;
    this.driver = new SqlTables(maptype, Path.of("/")).driver;
  }

  @Override
  public TableDriver driver() {
    return driver;
  }

  @Override
  public List<Entry> entries() {
    return List.of(
        new Entry(Bytes.bytes("root"), Bytes.bytes("postmaster")),
        new Entry(Bytes.bytes("info"), Bytes.bytes("two words")));
  }

  @Override
  public Class<? extends LookupResult> answerToKeysThatAreNotUtf8() {
    return Retry.class;
  }

  abstract String config(Path directory) throws Exception;

  @Override
  public TestOpening sample(Path directory) throws Exception {
    return new SqlTables(maptype, directory).opening(config(directory) + QUERY);
  }

  @Override
  public Optional<TestOpening> withoutSource(Path directory) {
    return Optional.of(TestOpening.of(maptype, directory.resolve("none.cf")));
  }

  @Override
  public Optional<Path> sourceFile(Path directory) {
    return Optional.of(directory.resolve("table0.cf"));
  }
}
