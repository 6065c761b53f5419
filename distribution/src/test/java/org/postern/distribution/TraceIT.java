package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Patience;
import org.postern.testkit.wire.RawClient;

/** What Postern leaves behind in directories for temporary files, however it ends: nothing. */
@Timeout(120)
class TraceIT {
  @TempDir Path directory;
  private Path temporary;
  private Path config;
  private String lmdb;

  @BeforeEach
  void configure() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    // Nobody may write there but root, who becomes another user.
    temporary = Files.createDirectory(directory.resolve("tmp"));
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("r-xr-xr-x"));
    config = Files.createDirectory(directory.resolve("conf"));
    Path tables = Files.createDirectory(directory.resolve("tables"));
    lmdb = "lmdb:" + tables + "/written";
    Files.copy(Path.of("src/main/dist/demo/aliases.sqlite"), tables.resolve("aliases.sqlite"));
    cf(
        "sqlite.cf",
        "dbpath = "
            + tables
            + "/aliases.sqlite\nquery = "
            + "SELECT target FROM alias WHERE address = '%s'\n");
    String nobody = "unix:" + directory + "/nobody";
    String sql = "user = u\npassword = p\ndbname = d\nquery = SELECT 1\nhosts = " + nobody + "\n";
    cf("mysql.cf", sql);
    cf("pgsql.cf", sql);
    cf("ldap.cf", "server_host = ldapi://%2Fnobody\nsearch_base = dc=x\ntimeout = 2\n");
    Files.writeString(
        config.resolve("main.cf"),
        """
        queue_directory = %1$s
        data_directory = %1$s/tables
        postern_proxymap_socket = %1$s/tables/read
        postern_proxywrite_socket = %1$s/tables/write
        proxy_read_maps = %2$s
        proxy_write_maps = proxy:%3$s
        """
            .formatted(
                directory,
                String.join(
                    " ",
                    Stream.of("sqlite", "mysql", "pgsql", "ldap")
                        .map(type -> "proxy:" + table(type))
                        .toList()),
                lmdb));
    PosternProcess.mayChange(tables);
    PosternProcess.mayChange(config);
  }

  private void cf(String name, String content) throws IOException {
    Files.writeString(config.resolve(name), content);
  }

  private String table(String type) {
    return type + ":" + config + "/" + type + ".cf";
  }

  private PosternProcess serve(String... options) throws IOException {
    return PosternProcess.serve(
        config,
        Map.of(
            "POSTERN_JVM_OPTIONS",
            "-Djava.io.tmpdir=" + temporary + " " + String.join(" ", options)));
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void nativeLibrariesAreLoadedFromTheInstallation() throws Exception {
    try (PosternProcess postern = serve()) {
      try (RawClient read = RawClient.connect(directory.resolve("tables/read"));
          RawClient write = RawClient.connect(directory.resolve("tables/write"))) {
        assertThat(read.ask(RawClient.lookup(table("sqlite"), "team@example.com")))
            .startsWith("status|0|");
        assertThat(write.ask("request|update|table|" + lmdb + "|flags|64|key|k|value|v||"))
            .isEqualTo("status|0||");
        for (String type : List.of("mysql", "pgsql", "ldap")) {
          assertThat(read.ask(RawClient.lookup(table(type), "key"))).startsWith("status|2|");
        }
      }
      for (String type : List.of("mysql", "pgsql", "ldap")) {
        Patience.until(() -> postern.log().contains(type + ".cf"));
      }
      assertThat(postern.log()).doesNotContain("UnsatisfiedLinkError", "native library");
      assertThat(mapped(postern))
          .anyMatch(file -> file.endsWith("/postern-plugin-sqlite/native/libsqlitejdbc.so"));
    }
    assertThat(filesIn(temporary)).isEmpty();
  }

  private static List<String> mapped(PosternProcess postern) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + postern.handle().pid() + "/maps")).stream()
        .map(line -> line.replaceFirst("^[^/]*", ""))
        .filter(file -> file.endsWith(".so"))
        .distinct()
        .toList();
  }

  @Test
  void theReportOfACrashIsInTheLogAndInNoFile() throws Exception {
    try (PosternProcess postern = serve()) {
      long pid = postern.handle().pid();
      Postfix.signal("SEGV", pid);
      postern.handle().onExit().get(60, TimeUnit.SECONDS);
      assertThat(postern.log()).contains("SIGSEGV", "Environment Variables:");
      for (Path place : List.of(Path.of(""), Path.of("/"), Path.of("/tmp"), directory, temporary)) {
        assertThat(filesIn(place))
            .as("files in %s", place)
            .noneMatch(file -> String.valueOf(file.getFileName()).contains("pid" + pid))
            .noneMatch(file -> String.valueOf(file.getFileName()).equals("core." + pid));
      }
    }
  }

  @Test
  void everybodyMayReadTheInstallation() throws IOException {
    Path programs =
        Objects.requireNonNull(Path.of(PosternProcess.COMMAND).toRealPath().getParent());
    assertThat(filesIn(programs.resolveSibling("lib")))
        .allSatisfy(file ->
            assertThat(Files.getPosixFilePermissions(file))
                .contains(PosixFilePermission.OTHERS_READ));
  }

  /** As much is compiled in a moment as in hours otherwise: methods that were called 100 times. */
  @Test
  void compiledCodeCausesNoCollectionOfTheWholeHeap() throws Exception {
    Path log = directory.resolve("tables/gc.log");
    try (PosternProcess _ = serve("-XX:CompileThresholdScaling=0.02", "-Xlog:gc:file=" + log);
        RawClient read = RawClient.connect(directory.resolve("tables/read"));
        RawClient write = RawClient.connect(directory.resolve("tables/write"))) {
      for (int i = 0; i < 1500; i++) {
        assertThat(read.ask(RawClient.lookup(table("sqlite"), "user" + i + "@example.com")))
            .startsWith("status|1|");
        read.ask(RawClient.lookup(table("ldap"), "user" + i));
        if (i % 10 == 0) {
          write.ask("request|update|table|" + lmdb + "|flags|64|key|k" + i + "|value|v||");
        }
      }
    }
    assertThat(log).content().contains("Using Serial").doesNotContain("CodeCache", "Metadata");
  }
}
