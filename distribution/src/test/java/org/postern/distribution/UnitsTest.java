package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** systemd's units have no way to share lines: what must be the same in two is compared here. */
class UnitsTest {
  private static final Path UNITS = Path.of("src/main/dist/systemd");

  private static List<String> rights(String unit) throws IOException {
    List<String> lines = Files.readAllLines(UNITS.resolve(unit));
    return lines.subList(lines.indexOf("ProtectSystem=strict"), lines.indexOf("[Install]"));
  }

  @Test
  void theServiceOfAnInstanceHasNoMoreRightsThanTheOther() throws Exception {
    assertThat(rights("postern@.service")).isEqualTo(rights("postern.service"));
  }
}
