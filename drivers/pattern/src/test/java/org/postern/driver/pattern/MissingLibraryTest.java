package org.postern.driver.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.driver.pattern.libc.Pcre2;
import org.postern.spi.Found;
import org.postern.spi.TableDriver;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Bytes;
import org.postern.testkit.TestOpening;

/** A table whose library is missing or another one is unavailable, and the message says why. */
final class MissingLibraryTest {
  @TempDir private Path directory;

  @Test
  void withoutPcre2ATableIsUnavailableUntilItIsInstalled() throws Exception {
    Path file = Rules.write(directory.resolve("rules"), "/foo/ x\n");
    AtomicBoolean installed = new AtomicBoolean();
    TableDriver driver =
        new PcreDriver(
            () -> Pcre2.load(installed.get() ? "libpcre2-8.so.0" : "libpcre2-8.so.none"));
    try (TestOpening opening = TestOpening.of("pcre", file)) {
      assertThatThrownBy(() -> opening.open(driver))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessage(
              "pcre:%s: cannot load libpcre2-8.so.none: install PCRE2, on Debian the package"
                  + " libpcre2-8-0",
              file);
      installed.set(true);
      assertThat(opening.open(driver).lookup(Bytes.bytes("foo"), 0)).isInstanceOf(Found.class);
    }
  }

  @Test
  void anotherLibraryInItsPlaceIsNamed() throws Exception {
    Path file = Rules.write(directory.resolve("rules"), "/foo/ x\n");
    try (TestOpening opening = TestOpening.of("pcre", file)) {
      assertThatThrownBy(() -> opening.open(new PcreDriver(() -> Pcre2.load("libc.so.6"))))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessageContaining("libc.so.6 is not PCRE2 10.x: ")
          .hasMessageContaining("pcre2_");
    }
  }

  @Test
  void regexpNeedsTheGnuCLibrary() throws Exception {
    Path file = Rules.write(directory.resolve("rules"), "/foo/ x\n");
    try (TestOpening opening = TestOpening.of("regexp", file)) {
      assertThatThrownBy(() -> opening.open(new RegexpDriver(() -> false)))
          .isInstanceOf(TableUnavailableException.class)
          .hasMessage("regexp:%s: regexp tables need the GNU C library; use pcre instead", file);
    }
  }
}
