package org.postern.driver.berkeleydb;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.spi.Entry;
import org.postern.spi.TableDriver;
import org.postern.spi.TableFlags;
import org.postern.testkit.Bytes;
import org.postern.testkit.Capability;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

/** The contract for one table type in one mode. */
interface BerkeleyDbContract extends DriverContract {

  String maptype();

  Mode mode();

  @Override
  default TableDriver driver() {
    return new BerkeleyDbDriver();
  }

  @Override
  default Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  default int flags() {
    return TableFlags.FIXED | TableFlags.TRY0NULL | TableFlags.TRY1NULL;
  }

  @Override
  default TestOpening sample(Path directory) throws IOException {
    return mode().opening(maptype(), new Sample(maptype() + "-contract").copyTo(directory));
  }

  @Override
  default List<Entry> entries() {
    return List.of(
        Bytes.entry("alpha", "one"), Bytes.entry("beta", "two words"), Bytes.entry("\"q q\"", "3"));
  }

  @Override
  default Optional<TestOpening> withoutSource(Path directory) {
    return Optional.of(mode().opening(maptype(), directory.resolve("absent.db")));
  }

  @Override
  default Optional<Path> sourceFile(Path directory) {
    return Optional.of(directory.resolve(maptype() + "-contract.db"));
  }
}
