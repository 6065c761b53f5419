package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.testkit.wire.RawClient.lookup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.PluginFolder;
import org.postern.testkit.wire.RawClient;

/** ZIPs of vendors in a directory of root's, served by a process of Postfix's user. */
@Timeout(180)
class VendorPluginsIT {
  private static final String RETRY = "status|2|value|||";

  @TempDir Path directory;

  private Path plugins;
  private Path conf;

  @BeforeEach
  void layOut() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    plugins = Files.createDirectory(directory.resolve("plugins"));
    conf = Files.createDirectory(directory.resolve("conf"));
    Path queue = Files.createDirectory(directory.resolve("queue"));
    Files.writeString(
        conf.resolve("main.cf"),
        """
        queue_directory = %s
        data_directory = %s/data
        postern_proxymap_socket = socket
        postern_proxywrite_socket =
        postern_plugin_directory = %s
        postern_lookup_timeout = 2s
        proxy_read_maps = proxy:inline:{{k=v}}, proxy:greeting:x, proxy:bad:null, proxy:bad:throws,
          proxy:bad:hangs, proxy:stuck:x
        """
            .formatted(queue, directory, plugins));
    Files.createDirectory(directory.resolve("data"));
    PosternProcess.mayWriteIn(directory.resolve("data"));
    PosternProcess.mayWriteIn(queue);
  }

  @Test
  void aZipIsServedInItsPresentVersionAndWhatIsBadHarmsNobodyElse() throws Exception {
    zip("greeting", plugin("greeting", "", "return new Found(\"first\".getBytes());"));
    zip(
        "bad",
        plugin(
            "bad",
            "",
            """
            if (name.equals("throws")) { throw new LinkageError("password=s3cr3t"); }
            while (name.equals("hangs")) {
              try { Thread.sleep(1000); } catch (InterruptedException e) { }
            }
            return null;
            """));
    zip("thief", plugin("inline", "", "return new Found(\"stolen\".getBytes());"));
    zip(
        "stuck",
        plugin(
            "stuck",
            """
            while (System.nanoTime() != 0) {
              try { Thread.sleep(1000); } catch (InterruptedException e) { }
            }
            """,
            "return NotFound.NOT_FOUND;"));
    Files.writeString(plugins.resolve("loose.jar"), "x");
    List<String> before = names(plugins);
    try (PosternProcess server = PosternProcess.serve(conf);
        RawClient client = client();
        RawClient other = client()) {
      other.send(lookup("bad:hangs", "k"));
      assertThat(client.ask(lookup("greeting:x", "k"))).isEqualTo("status|0|value|first||");
      assertThat(client.ask(lookup("inline:{{k=v}}", "k"))).isEqualTo("status|0|value|v||");
      assertThat(client.ask(lookup("bad:null", "k"))).isEqualTo(RETRY);
      assertThat(client.ask(lookup("bad:throws", "k"))).isEqualTo(RETRY);
      assertThat(client.ask(lookup("stuck:x", "k"))).isEqualTo(RETRY);
      assertThat(other.receive()).isEqualTo(RETRY);
      assertThat(server.log())
          .contains(
              plugins + "/thief.zip: brings the maptype \"inline\", which is built in",
              plugins + "/stuck.zip: the plugin's start",
              plugins + "/loose.jar: is an archive of classes and no plugin",
              "bad:null: lookup error: plugin bad failed",
              "password=***")
          .doesNotContain("s3cr3t");
      assertThat(Files.getOwner(unpacked()).getName()).isEqualTo(PosternProcess.user());
      Postfix.Outcome listed = run("plugins");
      assertThat(listed.out()).contains("greeting", plugins + "/greeting.zip");
      assertThat(run("check").out()).contains("greeting:x");
      assertThat(names(plugins)).as("nothing is unpacked there").isEqualTo(before);
      assertThat(server.end()).as(server.log()).isZero();
    }
    for (String gone : List.of("bad", "thief", "stuck")) {
      Files.delete(plugins.resolve(gone + ".zip"));
    }
    zip("greeting", plugin("greeting", "", "return new Found(\"second\".getBytes());"));
    try (PosternProcess server = PosternProcess.serve(conf);
        RawClient client = client()) {
      assertThat(client.ask(lookup("greeting:x", "k"))).isEqualTo("status|0|value|second||");
      assertThat(folders(unpacked())).as("the old ones are removed").hasSize(1);
      assertThat(server.end()).isZero();
    }
    Files.delete(plugins.resolve("greeting.zip"));
    try (PosternProcess server = PosternProcess.serve(conf);
        RawClient client = client()) {
      assertThat(client.ask(lookup("greeting:x", "k"))).isEqualTo(RETRY);
      assertThat(server.log()).contains("unsupported dictionary type: greeting");
      assertThat(folders(unpacked())).isEmpty();
      assertThat(server.end()).isZero();
    }
  }

  private Path unpacked() {
    return directory.resolve("data/postern/plugins");
  }

  private RawClient client() throws IOException {
    return RawClient.connect(directory.resolve("queue/socket"));
  }

  private Postfix.Outcome run(String command) throws Exception {
    return Postfix.run(List.of(PosternProcess.COMMAND, command, "-c", conf.toString()), "");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static List<Path> folders(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isDirectory).toList();
    }
  }

  private static String plugin(String maptype, String constructor, String lookup) {
    return """
    package example;
    import java.util.*;
    import org.postern.spi.*;
    public class P implements TablePlugin {
      public P() { %s }
      public List<TableDriver> drivers() {
        return List.of(new TableDriver() {
          public Set<String> maptypes() { return Set.of("%s"); }
          public Table open(TableOpening opening) {
            String name = opening.name();
            return new Table() {
              public int flags() { return TableFlags.FIXED; }
              public LookupResult lookup(byte[] key, int flags) { %s }
            };
          }
        });
      }
    }
    """
        .formatted(constructor, maptype, lookup);
  }

  /** Compiles a plugin and puts its ZIP where vendors' plugins are. */
  private void zip(String id, String source) throws IOException {
    Path made =
        PluginFolder.compiled(Files.createDirectories(directory.resolve("made")), id, source)
            .properties(id, "example.P", ">=1.3.0 & <2.0.0")
            .zipped();
    Files.move(made, plugins.resolve(id + ".zip"), StandardCopyOption.REPLACE_EXISTING);
  }
}
