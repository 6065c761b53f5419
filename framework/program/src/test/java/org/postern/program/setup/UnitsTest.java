package org.postern.program.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.Configuration;
import org.postern.testkit.SmallDisk;

/** The units that an installation of a tar.gz gets: the very files of the distribution. */
class UnitsTest {
  private static final Path DISTRIBUTION = Path.of("../../distribution/src/main/dist");

  @TempDir Path folder;

  @Test
  void theyAreWrittenForTheInstallationAndItsPostfix() throws IOException {
    Configuration configuration =
        Configuration.of(
            Map.of(
                "queue_directory", "/srv/queue",
                "data_directory", "/srv/data",
                "mail_owner", "mail"));
    Units units = new Units(folder, DISTRIBUTION, configuration);
    assertThat(units.written()).isEmpty();
    units.write();
    assertThat(units.written())
        .containsExactly(folder.resolve("postern.socket"), folder.resolve("postern.service"));
    assertThat(folder.resolve("postern.service"))
        .content()
        .contains(
            "ExecStart=" + DISTRIBUTION + "/bin/postern serve\n",
            "User=mail\n",
            "ReadWritePaths=-/srv/data\n")
        .doesNotContain("/opt/postern", "/var/");
    assertThat(folder.resolve("postern.socket"))
        .content()
        .contains("ListenStream=/srv/queue/private/postern-proxymap\n", "SocketUser=mail\n")
        .doesNotContain("/var/");
  }

  @Test
  void thoseOfSomebodyElseAreNotTakenForThem() throws IOException {
    Files.writeString(folder.resolve("postern.service"), "[Service]\n");
    assertThat(new Units(folder, DISTRIBUTION, Configuration.of(Map.of())).written()).isEmpty();
  }

  /** {@code systemctl mask} makes a link to /dev/null, for example. */
  @Test
  void whatALinkInTheirPlaceLeadsToIsNotWritten() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "# Made by somebody\n");
    Files.createSymbolicLink(folder.resolve("postern.service"), precious);
    Units units = new Units(folder, DISTRIBUTION, Configuration.of(Map.of()));
    assertThatThrownBy(units::write)
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("postern.service");
    assertThat(precious).hasContent("# Made by somebody\n");
  }

  @Test
  void aUnitStaysAsItWasWhenTheDiskIsFull() throws IOException {
    try (SmallDisk disk = SmallDisk.mount(folder, 1 << 20)) {
      Units units = new Units(disk.directory(), DISTRIBUTION, Configuration.of(Map.of()));
      units.write();
      Path service = disk.directory().resolve("postern.service");
      String before = Files.readString(service);
      disk.leaveRoom(0);
      assertThatThrownBy(units::write).hasMessageContaining("No space left on device");
      assertThat(service).hasContent(before);
      assertThat(units.written()).hasSize(2);
      try (Stream<Path> names = Files.list(disk.directory())) {
        assertThat(names).hasSize(3); // both, and what fills the disk
      }
    }
  }
}
