package org.postern.driver.unix;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

/** The contract, for one of this machine's own databases. */
interface AccountsContract extends DriverContract {

  /** The table's name. */
  String table();

  /** Where this machine's entries come from. */
  Path file();

  @Override
  default TableDriver driver() {
    return new UnixDriver();
  }

  @Override
  default TestOpening sample(Path directory) {
    return TestOpening.of("unix", table());
  }

  @Override
  default List<Entry> entries() {
    return Accounts.of(file());
  }

  @Override
  default Optional<TestOpening> withoutSource(Path directory) {
    return Optional.of(TestOpening.of("unix", "bogus"));
  }
}
