package org.postern.driver.berkeleydb;

import java.nio.file.Path;
import org.postern.testkit.TestOpening;

/** Where the pages of an open table are. */
enum Mode {
  MEMORY,
  DISK;

  /**
   * An opening of a table.
   *
   * @param file with its suffix {@code .db}
   */
  TestOpening opening(String maptype, Path file) {
    String name = file.toString();
    TestOpening opening = TestOpening.of(maptype, name.substring(0, name.length() - 3));
    return switch (this) {
      case MEMORY -> opening;
      case DISK -> opening.parameter(BerkeleyDbDriver.MEMORY_LIMIT, "0");
    };
  }
}
