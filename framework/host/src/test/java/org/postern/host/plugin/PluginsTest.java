package org.postern.host.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.TestOpening;

class PluginsTest {
  @TempDir Path directory;

  @BeforeEach
  void onlyTheOwnerMayWrite() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void loadsFoldersAndZips() throws Exception {
    PluginFolder.answering(directory, "one", "alpha", "\"from a folder\"");
    PluginFolder.answering(directory, "two", "beta", "\"from a zip\"").zipped();
    Plugins plugins = Plugins.load(directory);
    assertThat(plugins.problems()).isEmpty();
    assertThat(plugins.installed())
        .extracting(plugin -> plugin.id() + " " + plugin.version() + " " + plugin.maptypes())
        .containsExactlyInAnyOrder("one 1.2.3 [alpha]", "two 1.2.3 [beta]");
    assertThat(answer(plugins, "alpha")).isEqualTo("from a folder");
    assertThat(answer(plugins, "beta")).isEqualTo("from a zip");
  }

  @Test
  void showsAPluginTheSpiSlf4jAndTheJdkOnly() throws Exception {
    PluginFolder.compiled(
        directory,
        "nosy",
        """
        package example;
        import java.util.*;
        import org.postern.spi.*;
        public class P implements TablePlugin {
          public List<TableDriver> drivers() {
            return List.of(new TableDriver() {
              public Set<String> maptypes() { return Set.of("nosy"); }
              public Table open(TableOpening opening) {
                return new Table() {
                  public int flags() { return 16; }
                  public LookupResult lookup(byte[] key, int flags) {
                    try {
                      return new Found(Class.forName(new String(key)).getSimpleName().getBytes());
                    } catch (ClassNotFoundException e) {
                      return new ConfigError(e.getMessage());
                    }
                  }
                };
              }
            });
          }
        }
        """);
    Table table = open(Plugins.load(directory), "nosy");
    for (String seen :
        new String[] {"org.postern.spi.Found", "org.slf4j.Logger", "java.sql.Driver"}) {
      assertThat(table.lookup(seen.getBytes(UTF_8), 0)).as(seen).isInstanceOf(Found.class);
    }
    for (String hidden :
        new String[] {
          "org.postern.host.daemon.Daemon",
          "org.pf4j.PluginManager",
          "ch.qos.logback.classic.Logger",
          "picocli.CommandLine"
        }) {
      assertThat(table.lookup(hidden.getBytes(UTF_8), 0)).as(hidden).isNotInstanceOf(Found.class);
    }
  }

  @Test
  void setsTheContextClassLoaderAroundCalls() throws Exception {
    PluginFolder.answering(
        directory,
        "loader",
        "loader",
        "Thread.currentThread().getContextClassLoader() == getClass().getClassLoader()");
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    assertThat(answer(Plugins.load(directory), "loader")).isEqualTo("true");
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  @Test
  void turnsWhatAPluginThrowsIntoRetry() throws Exception {
    PluginFolder.answering(directory, "broken", "broken", "key[1000]");
    assertThat(open(Plugins.load(directory), "broken").lookup(new byte[] {'k'}, 0))
        .isInstanceOfSatisfying(
            Retry.class,
            retry -> assertThat(retry.reason()).contains("ArrayIndexOutOfBoundsException"));
  }

  @Test
  void namesBothPluginsThatClaimOneMaptypeAndLetsNeitherHaveIt() throws Exception {
    PluginFolder.answering(directory, "one", "same", "1");
    PluginFolder.answering(directory, "two", "same", "2");
    PluginFolder.answering(directory, "other", "other", "3");
    Plugins plugins = Plugins.load(directory);
    assertThat(plugins.problems()).hasSize(1);
    assertThat(plugins.problems().getFirst().toString())
        .contains(directory + "/one", directory + "/two", "\"same\"", "remove one of the two");
    assertThat(plugins.drivers().maptypes()).containsExactly("other");
  }

  @Test
  void refusesAPluginForAnotherSpi() throws Exception {
    PluginFolder.answering(directory, "future", "future", "1")
        .properties("future", "example.P", ">=2.0.0");
    assertOneProblem(
        "future", "is made for spi version >=2.0.0, this is 1.", "install the version");
  }

  @Test
  void refusesABrokenZip() throws Exception {
    Files.writeString(directory.resolve("broken.zip"), "this is no zip");
    assertOneProblem("broken.zip", "cannot be loaded", "check that it is a whole ZIP");
  }

  @Test
  void refusesAFolderWithoutADescriptor() throws Exception {
    Files.createDirectory(directory.resolve("empty"));
    assertOneProblem("empty", "cannot be loaded", "check its plugin.properties");
  }

  @Test
  void refusesAClassThatIsNotThereOrIsNoPlugin() throws Exception {
    PluginFolder.answering(directory, "missing", "missing", "1")
        .properties("missing", "example.Missing", ">=1.0.0");
    assertOneProblem("missing", "cannot create example.Missing", "ask who made the plugin");
    PluginFolder.answering(directory, "missing", "missing", "1")
        .properties("missing", "java.lang.String", ">=1.0.0");
    assertOneProblem("missing", "does not implement org.postern.spi.TablePlugin", "ask who");
  }

  @Test
  void refusesWhatOthersCanWrite() throws Exception {
    PluginFolder plugin = PluginFolder.answering(directory, "open", "open", "1");
    Path file = plugin.path().resolve("classes/example/P.class");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
    assertOneProblem("open", "can be written by group or others", "run: chmod go-w " + file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(Plugins.load(directory).problems()).isEmpty();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Plugins plugins = Plugins.load(directory);
    assertThat(plugins.problems()).hasSize(1);
    assertThat(plugins.drivers().maptypes()).as("the directory is not trusted").isEmpty();
  }

  @Test
  void aBrokenPluginTakesAwayItsOwnMaptypesOnly() throws Exception {
    Files.writeString(directory.resolve("broken.zip"), "this is no zip");
    PluginFolder.answering(directory, "good", "good", "\"still here\"");
    Plugins plugins = Plugins.load(directory);
    assertThat(plugins.problems()).hasSize(1);
    assertThat(answer(plugins, "good")).isEqualTo("still here");
  }

  @Test
  void saysWhichDirectoryIsMissing() {
    Plugins plugins = Plugins.load(directory.resolve("nowhere"));
    assertThat(plugins.problems().toString())
        .contains(directory + "/nowhere", "set postern_plugin_directory");
  }

  @Test
  void aDriverThatFailsToOpenIsAnUnavailableTable() throws Exception {
    TableDriver driver =
        new PluginDriver(
            new TableDriver() {
              @Override
              public Set<String> maptypes() {
                return Set.of("x");
              }

              @Override
              public Table open(TableOpening opening) {
                throw new IllegalStateException("boom");
              }
            },
            PluginsTest.class.getClassLoader());
    TestOpening opening = TestOpening.of("x", "y");
    assertThatThrownBy(() -> driver.open(opening))
        .isInstanceOf(TableUnavailableException.class)
        .hasMessageContaining("boom");
  }

  private void assertOneProblem(String plugin, String reason, String remedy) {
    Plugins plugins = Plugins.load(directory);
    assertThat(plugins.problems()).hasSize(1);
    assertThat(plugins.problems().getFirst().toString())
        .contains(directory.resolve(plugin).toString(), reason, remedy);
    assertThat(plugins.drivers().maptypes()).isEmpty();
  }

  private static Table open(Plugins plugins, String maptype) throws TableUnavailableException {
    return plugins.drivers().driver(maptype).orElseThrow().open(TestOpening.of(maptype, "x"));
  }

  private static String answer(Plugins plugins, String maptype) throws TableUnavailableException {
    LookupResult result = open(plugins, maptype).lookup(new byte[] {'k'}, 0);
    return result instanceof Found(byte[] value, int _) ? new String(value, UTF_8) : "" + result;
  }
}
