package org.postern.loader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.Retry;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;
import org.postern.testkit.PluginFolder;
import org.postern.testkit.TestOpening;

class PluginsTest {
  @TempDir Path directory;

  @TempDir Path unpacked;

  @BeforeEach
  void onlyTheOwnerMayWrite() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void loadsFoldersAndZips() throws Exception {
    PluginFolder.answering(directory, "one", "alpha", "\"from a folder\"");
    PluginFolder.answering(directory, "two", "beta", "\"from a zip\"").zipped();
    Plugins plugins = load(directory);
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
    Table table = open(load(directory), "nosy");
    for (String seen :
        new String[] {"org.postern.spi.Found", "org.slf4j.Logger", "java.sql.Driver"}) {
      assertThat(table.lookup(seen.getBytes(UTF_8), 0)).as(seen).isInstanceOf(Found.class);
    }
    for (String hidden :
        new String[] {
          "org.postern.loader.Plugins",
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
    assertThat(answer(load(directory), "loader")).isEqualTo("true");
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  @Test
  void turnsWhatAPluginThrowsIntoRetry() throws Exception {
    PluginFolder.answering(directory, "broken", "broken", "key[1000]");
    assertThat(open(load(directory), "broken").lookup(new byte[] {'k'}, 0))
        .isInstanceOfSatisfying(
            Retry.class,
            retry -> assertThat(retry.reason()).contains("ArrayIndexOutOfBoundsException"));
  }

  @Test
  void namesBothPluginsThatClaimOneMaptypeAndLetsNeitherHaveIt() throws Exception {
    PluginFolder.answering(directory, "one", "same", "1");
    PluginFolder.answering(directory, "two", "same", "2");
    PluginFolder.answering(directory, "other", "other", "3");
    Plugins plugins = load(directory);
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
    assertThat(load(directory).problems()).isEmpty();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    Plugins plugins = load(directory);
    assertThat(plugins.problems()).hasSize(1);
    assertThat(plugins.drivers().maptypes()).as("the directory is not trusted").isEmpty();
  }

  @Test
  void aBrokenPluginTakesAwayItsOwnMaptypesOnly() throws Exception {
    Files.writeString(directory.resolve("broken.zip"), "this is no zip");
    PluginFolder.answering(directory, "good", "good", "\"still here\"");
    Plugins plugins = load(directory);
    assertThat(plugins.problems()).hasSize(1);
    assertThat(answer(plugins, "good")).isEqualTo("still here");
  }

  @Test
  void saysWhichDirectoryIsMissing() {
    Plugins plugins = load(directory.resolve("nowhere"));
    assertThat(plugins.problems().toString())
        .contains(directory + "/nowhere", "set postern_plugin_directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Redis", "a:b", "", "proxy", "a b"})
  void refusesMaptypesThatAreNone(String maptype) throws Exception {
    PluginFolder.answering(directory, "odd", maptype, "1");
    assertOneProblem("odd", "brings the maptype \"" + maptype + "\"", "ask who made");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*"})
  void refusesAPluginThatDoesNotSayWhichSpiItWorksWith(String requires) throws Exception {
    PluginFolder.answering(directory, "silent", "silent", "1")
        .properties("silent", "example.P", requires);
    assertOneProblem(
        "silent", "does not say which versions of the spi", "write plugin.requires=>=");
  }

  @Test
  void refusesAPluginThatUsesMoreOfTheSpiThanItSays() throws Exception {
    PluginFolder newer = PluginFolder.compiled(directory, "newer", USES_SERVERS);
    assertOneProblem(
        "newer",
        "works with spi 1.0.0 (plugin.requires=>=1.0.0 & <2.0.0), but uses",
        "write plugin.requires=>=1.2.0 & <2.0.0");
    newer.properties("newer", "example.P", ">=1.2.0 & <2.0.0");
    assertThat(load(directory).problems()).isEmpty();
  }

  private static final String USES_SERVERS =
      """
      package example;
      import java.util.*;
      import org.postern.spi.*;
      public class P implements TablePlugin {
        public List<TableDriver> drivers() {
          return List.of(new TableDriver() {
            public Set<String> maptypes() { return Set.of("newer"); }
            public Table open(TableOpening opening) {
              return new Table() {
                public int flags() { return 16; }
                public List<BackendServer> servers() {
                  ServerState state = new ServerState(0, 0, 0, 0, 0, Optional.empty());
                  return state.inUse() > 0 ? null : List.of();
                }
                public LookupResult lookup(byte[] key, int flags) { return NotFound.NOT_FOUND; }
              };
            }
          });
        }
      }
      """;

  @Test
  void reportsABareJar() throws Exception {
    Files.writeString(directory.resolve("greeting.jar"), "x");
    assertOneProblem("greeting.jar", "no plugin", "put it into lib/");
  }

  @Test
  void refusesADirectoryWithinOneThatOthersCanWrite() throws Exception {
    Path inner = Files.createDirectories(directory.resolve("a/b"));
    PluginFolder.answering(inner, "one", "alpha", "1");
    assertThat(load(inner).problems()).isEmpty();
    Files.setPosixFilePermissions(
        directory.resolve("a"), PosixFilePermissions.fromString("rwxrwxrwx"));
    Plugins plugins = load(inner);
    assertThat(plugins.problems())
        .singleElement()
        .asString()
        .contains(directory + "/a", "can be written by group or others", "chmod go-w");
    assertThat(plugins.drivers().maptypes()).isEmpty();
  }

  @Test
  void aZipIsUnpackedAtItsOwnPlaceAndNothingBesideIt() throws Exception {
    Path zip = PluginFolder.answering(directory, "two", "beta", "\"first\"").zipped();
    Plugins first = load(directory);
    assertThat(answer(first, "beta")).isEqualTo("first");
    assertThat(first.installed().getFirst().path()).isEqualTo(zip);
    assertThat(directory).isDirectoryContaining(path -> path.equals(zip));
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(zip);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place())))
        .isEqualTo("rwx------");
    PluginFolder.answering(directory, "two", "beta", "\"second\"").zipped();
    assertThat(answer(load(directory), "beta")).as("after an upgrade").isEqualTo("second");
    Files.delete(zip);
    assertThat(load(directory).drivers().maptypes()).isEmpty();
  }

  @Test
  void whatNoServerUsesAnyMoreIsRemoved() throws Exception {
    PluginFolder.answering(directory, "two", "beta", "1").zipped();
    Path stale = Files.createDirectories(place().resolve("0".repeat(64)).resolve("lib"));
    Files.setPosixFilePermissions(place(), PosixFilePermissions.fromString("rwx------"));
    Files.writeString(stale.resolve("old.jar"), "x");
    load(directory);
    assertThat(stale.getParent()).doesNotExist();
    load(directory);
    try (Stream<Path> files = Files.list(place())) {
      assertThat(files.filter(Files::isDirectory)).as("that in use").hasSize(1);
    }
  }

  @Test
  void aCommandUnpacksNothingAtTheServersPlace() throws Exception {
    PluginFolder.answering(directory, "two", "beta", "\"x\"").zipped();
    Plugins plugins = Plugins.none();
    plugins.add(new VendorPlugins(directory, Set.of(), Unpacking.temporary()));
    assertThat(answer(plugins, "beta")).isEqualTo("x");
    assertThat(place()).doesNotExist();
  }

  @Test
  void aZipWithAFileOutsideItselfIsRefused() throws Exception {
    try (ZipOutputStream out =
        new ZipOutputStream(Files.newOutputStream(directory.resolve("evil.zip")))) {
      out.putNextEntry(new ZipEntry("../../evil"));
      out.closeEntry();
    }
    assertOneProblem("evil.zip", "a file outside itself", "whole ZIP");
  }

  @Test
  void aBuiltInMaptypeStaysBuiltInUnlessItIsToBeOverridden() throws Exception {
    Path own = Files.createDirectory(unpacked.resolve("own"));
    PluginFolder.answering(own, "built", "hash", "\"built-in\"");
    PluginFolder.answering(directory, "vendor", "hash", "\"vendor's\"");
    Plugins plugins = Plugins.ofInstallation(own);
    plugins.add(new VendorPlugins(directory, Set.of(), Unpacking.temporary()));
    assertThat(plugins.problems())
        .singleElement()
        .asString()
        .contains("\"hash\", which is built in", "postern_plugin_override_maptypes");
    assertThat(answer(plugins, "hash")).isEqualTo("built-in");
    Plugins overridden = Plugins.ofInstallation(own);
    overridden.add(new VendorPlugins(directory, Set.of("hash"), Unpacking.temporary()));
    assertThat(overridden.problems()).isEmpty();
    assertThat(answer(overridden, "hash")).isEqualTo("vendor's");
    PluginFolder.answering(directory, "vendor2", "hash", "\"other\"");
    Plugins both = Plugins.ofInstallation(own);
    both.add(new VendorPlugins(directory, Set.of("hash"), Unpacking.temporary()));
    assertThat(answer(both, "hash")).as("two want it").isEqualTo("built-in");
  }

  private Path place() {
    return unpacked.resolve("postern/plugins");
  }

  @Test
  void aDriverThatFailsToOpenIsAnUnavailableTable() throws Exception {
    TableDriver driver =
        new PluginDriver(
            "x",
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
            PluginsTest.class.getClassLoader(),
            Optional.empty());
    TestOpening opening = TestOpening.of("x", "y");
    assertThatThrownBy(() -> driver.open(opening))
        .isInstanceOf(TableUnavailableException.class)
        .hasMessageContaining("boom");
  }

  private Plugins load(Path vendors) {
    Plugins plugins = Plugins.none();
    plugins.add(new VendorPlugins(vendors, Set.of(), Unpacking.into(place())));
    return plugins;
  }

  private void assertOneProblem(String plugin, String reason, String remedy) {
    Plugins plugins = load(directory);
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
