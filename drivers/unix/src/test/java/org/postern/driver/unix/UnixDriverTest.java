package org.postern.driver.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.Access;
import org.postern.spi.Entry;
import org.postern.spi.Table;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.Answer;
import org.postern.testkit.Bytes;
import org.postern.testkit.Postmap;
import org.postern.testkit.TestOpening;

final class UnixDriverTest {

  @Test
  void anUnknownTableIsNamed() {
    assertThatThrownBy(() -> TestOpening.of("unix", "bogus").open(new UnixDriver()))
        .isInstanceOf(TableUnavailableException.class)
        .hasMessage("unknown table: unix:bogus");
  }

  @Test
  void theReadWriteServiceIsRefused() {
    TestOpening opening = TestOpening.of("unix", "passwd.byname").access(Access.READ_WRITE);
    assertThatThrownBy(() -> opening.open(new UnixDriver()))
        .isInstanceOf(TableUnavailableException.class)
        .hasMessage("unix:passwd.byname map requires O_RDONLY access mode");
  }

  @Test
  void bothTablesWaitForTheSameBackend() throws Exception {
    try (TestOpening users = TestOpening.of("unix", "passwd.byname");
        TestOpening groups = TestOpening.of("unix", "group.byname")) {
      Table passwd = users.open(new UnixDriver());
      Table group = groups.open(new UnixDriver());
      assertThat(passwd.backend()).isPresent().isEqualTo(group.backend());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"passwd", "group"})
  void postmapGivesTheSameLines(String file, @TempDir Path directory) throws Exception {
    Postmap postmap = Postmap.orSkip(directory);
    List<Entry> accounts = Accounts.of(Path.of("/etc", file));
    StringBuilder keys = new StringBuilder("no-such-name\nROOT\n\n");
    StringBuilder ours = new StringBuilder();
    try (TestOpening opening = TestOpening.of("unix", file + ".byname")) {
      Table table = opening.open(new UnixDriver());
      for (Entry account : accounts) {
        String name = Bytes.text(account.key());
        keys.append(name).append('\n');
        String answer = Answer.of(table.lookup(account.key(), table.flags()));
        ours.append(name + '\t' + answer.replaceFirst("^found \"(.*)\"$", "$1") + '\n');
      }
    }
    // -f: without it postmap folds ROOT into a name that there is
    assertThat(postmap.run(Bytes.bytes(keys.toString()), "-fq", "-", "unix:" + file + ".byname"))
        .isEqualTo(new Postmap.Output(0, ours.toString(), List.of()));
  }
}
