package org.postern.platform.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.platform.libc.FileCreation;
import org.postern.testkit.Prerequisite;

@Timeout(60)
class SocketFileTest {
  /** Somebody who is neither root nor who runs the tests. */
  private static final int SOMEBODY = 12_345;

  private static final int SOMEBODY_ELSE = 12_346;

  @TempDir Path directory;

  private static void run(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
        .describedAs("%s", List.of(command))
        .isZero();
  }

  private static void give(Path file, int user) throws IOException {
    Files.setAttribute(file, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
  }

  private void leaveStale(Path path) throws IOException {
    try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(path));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mkfifo %s, FIFO, a FIFO",
    "mknod %s c 1 3, CHARACTER_DEVICE, a character device",
    "mknod %s b 7 99, BLOCK_DEVICE, a block device",
    "touch %s, REGULAR_FILE, a regular file",
    "mkdir %s, DIRECTORY, a directory",
    "ln -s nowhere %s, SYMBOLIC_LINK, a symbolic link"
  })
  void whatIsNoSocketStaysAndIsNamed(String command, FileKind kind, String words) throws Exception {
    if (command.startsWith("mknod")) {
      Prerequisite.ROOT.mustBeHere();
    }
    Path path = directory.resolve("taken");
    run(command.formatted(path).split(" "));

    assertThatThrownBy(() -> ServiceSocket.bind(path))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(path + ": cannot listen: " + words + " is in the way");

    assertThat(FileKind.of(path)).isEqualTo(kind);
  }

  @Test
  void aLinkToAStaleSocketStaysWithTheSocket() throws IOException {
    Path stale = directory.resolve("stale");
    leaveStale(stale);
    Path link = Files.createSymbolicLink(directory.resolve("link"), stale);

    assertThatThrownBy(() -> ServiceSocket.bind(link)).hasMessageContaining("a symbolic link");

    assertThat(FileKind.of(link)).isEqualTo(FileKind.SYMBOLIC_LINK);
    assertThat(FileKind.of(stale)).isEqualTo(FileKind.SOCKET);
  }

  @Test
  void theRootDirectoryAndWhatIsBelowADeviceCannotBeSockets() {
    assertThatThrownBy(() -> ServiceSocket.bind(Path.of("/")))
        .hasMessageContaining("/: cannot listen: a directory is in the way");
    assertThatThrownBy(() -> ServiceSocket.bind(Path.of("/dev/null/socket")))
        .hasMessageContaining("/dev/null/socket: cannot listen: the directory /dev/null");
    assertThatThrownBy(() -> ServiceSocket.bind(Path.of("/dev/null")))
        .hasMessageContaining("/dev/null: cannot listen: a character device is in the way");
  }

  @Test
  void aStaleSocketIsReplacedAndEverybodyMayConnectWhateverTheUmask() throws IOException {
    Path path = directory.resolve("socket");
    leaveStale(path);
    int umask = FileCreation.umask(0077);
    try (ServiceSocket _ = ServiceSocket.bind(path)) {
      assertThat(Files.getPosixFilePermissions(path))
          .isEqualTo(PosixFilePermissions.fromString("rw-rw-rw-"));
    } finally {
      int _ = FileCreation.umask(umask);
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void aServerThatTakesNobodyIsALiveOne() throws IOException {
    Path path = directory.resolve("socket");
    try (ServiceSocket first = ServiceSocket.bind(path)) {
      assertThatThrownBy(() -> ServiceSocket.bind(path)).isInstanceOf(SocketInUseException.class);
      assertThat(first.channel().isOpen()).isTrue();
    }
  }

  @Test
  void inSomebodysDirectoryRootHasNoMoreRightsThanHe() throws IOException {
    Prerequisite.ROOT.mustBeHere();
    Path somebodys = Files.createDirectory(directory.resolve("somebodys"));
    Path roots = Files.createDirectory(directory.resolve("roots"));
    Path stale = roots.resolve("stale");
    leaveStale(stale);
    // The directory through which it is reached can be changed by somebody at any time.
    Files.createSymbolicLink(somebodys.resolve("way"), roots);
    give(somebodys.resolve("way"), SOMEBODY);
    give(somebodys, SOMEBODY);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThatThrownBy(() -> ServiceSocket.bind(somebodys.resolve("way/stale")))
        .isInstanceOf(IOException.class);
    assertThat(FileKind.of(stale)).isEqualTo(FileKind.SOCKET);

    try (ServiceSocket _ = ServiceSocket.bind(somebodys.resolve("own"))) {
      assertThat(Files.getAttribute(somebodys.resolve("own"), "unix:uid")).isEqualTo(SOMEBODY);
    }
  }

  @Test
  void rootWorksInNoDirectoryThatManyCanChange() throws IOException {
    Prerequisite.ROOT.mustBeHere();
    Path open = Files.createDirectory(directory.resolve("open"));
    Path below = Files.createDirectory(open.resolve("below"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> ServiceSocket.bind(below.resolve("socket")))
        .hasMessageContaining(
            open + " can be written by everybody, and root works in no such directory");

    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
    give(open, SOMEBODY);
    give(below, SOMEBODY_ELSE);
    assertThatThrownBy(() -> ServiceSocket.bind(below.resolve("socket")))
        .hasMessageContaining("belongs to user id " + SOMEBODY);
  }
}
