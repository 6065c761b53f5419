package org.postern.driver.pattern;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.postern.spi.TableFlags;
import org.postern.testkit.DriverContract;
import org.postern.testkit.TestOpening;

/** The contract, for a file of rules that are tried one after the other. */
interface RulesContract extends DriverContract {

  String maptype();

  /** The sample's lines. */
  String rules();

  @Override
  default int flags() {
    return TableFlags.PATTERN;
  }

  @Override
  default TestOpening sample(Path directory) throws IOException {
    return TestOpening.of(maptype(), Rules.write(directory.resolve("sample"), rules()));
  }

  @Override
  default Optional<TestOpening> withoutSource(Path directory) {
    return Optional.of(TestOpening.of(maptype(), directory.resolve("absent")));
  }

  @Override
  default Optional<Path> sourceFile(Path directory) {
    return Optional.of(directory.resolve("sample"));
  }
}
