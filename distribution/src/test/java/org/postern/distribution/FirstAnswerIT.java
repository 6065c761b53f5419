package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.wire.RawClient;

/** What the first lookup of a table must not wait for. */
@Timeout(120)
class FirstAnswerIT {
  private static final List<String> UNREACHABLE = List.of("mysql", "pgsql", "ldap");

  @TempDir Path directory;

  /** Each would take 3 to 10 ms: docs/contributing.md. */
  @Test
  void noClassIsMadeForAPatternSwitch() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    PosternProcess.mayChange(directory);
    Files.copy(Path.of("src/main/dist/demo/aliases.sqlite"), directory.resolve("aliases.sqlite"));
    write("k.cidr", "192.0.2.0/24 v");
    write("k.pcre", "/^(k)$/ v");
    write("k.regexp", "if /k/", "/^(k)$/ v", "endif");
    write("k.texthash", "k v");
    write(
        "sqlite.cf",
        "dbpath = " + directory + "/aliases.sqlite",
        "query = SELECT target FROM alias WHERE address = '%s'");
    for (String sql : List.of("mysql", "pgsql")) {
      write(sql + ".cf", "user = u", "dbname = d", "query = SELECT 1", "hosts = unix:/nobody");
    }
    write("ldap.cf", "server_host = ldapi://%2Fnobody", "search_base = dc=x", "timeout = 2");
    List<String> findK =
        List.of(
            "pcre:" + directory + "/k.pcre",
            "regexp:" + directory + "/k.regexp",
            "texthash:" + directory + "/k.texthash",
            "inline:{k=v}",
            "static:v",
            "unionmap:{inline:{k=v}}",
            "pipemap:{inline:{k=v}}",
            "randmap:{v}");
    String lmdb = "lmdb:" + directory + "/written";
    write(
        "main.cf",
        "queue_directory = " + directory,
        "data_directory = " + directory,
        "postern_proxymap_socket = read",
        "postern_proxywrite_socket = write",
        "proxy_read_maps = %s"
            .formatted(
                String.join(" ", approvals(findK))
                    + " proxy:"
                    + cf("sqlite")
                    + " proxy:cidr:"
                    + directory
                    + "/k.cidr "
                    + String.join(" ", approvals(UNREACHABLE.stream().map(this::cf).toList()))),
        "proxy_write_maps = proxy:" + lmdb);
    Path classes = directory.resolve("classes");
    try (PosternProcess postern =
            PosternProcess.serve(
                directory, Map.of("POSTERN_JVM_OPTIONS", "-Xlog:class+load:file=" + classes));
        RawClient reader = RawClient.connect(directory.resolve("read"));
        RawClient writer = RawClient.connect(directory.resolve("write"))) {
      assertThat(reader.ask(RawClient.lookup(cf("sqlite"), "team@example.com")))
          .startsWith("status|0|");
      assertThat(reader.ask(RawClient.lookup("cidr:" + directory + "/k.cidr", "192.0.2.1")))
          .startsWith("status|0|");
      for (String table : findK) {
        assertThat(reader.ask(RawClient.lookup(table, "k")))
            .as(table)
            .isEqualTo("status|0|value|v||");
      }
      for (String type : UNREACHABLE) {
        assertThat(reader.ask(RawClient.lookup(cf(type), "k"))).startsWith("status|2|");
      }
      assertThat(writer.ask("request|update|table|" + lmdb + "|flags|64|key|k|value|v||"))
          .startsWith("status|0|");
      assertThat(writer.ask(RawClient.lookup(lmdb, "k"))).isEqualTo("status|0|value|v||");
      assertThat(postern.handle().isAlive()).isTrue();
    }
    assertThat(Files.readAllLines(classes))
        .isNotEmpty()
        .filteredOn(line -> !line.contains("ldap.Reason")) // why there is no answer
        .noneMatch(line -> line.contains(" org.postern.") && line.contains("$$TypeSwitch"));
  }

  private static List<String> approvals(List<String> tables) {
    return tables.stream().map(table -> "proxy:" + table).toList();
  }

  private String cf(String type) {
    return type + ":" + directory + "/" + type + ".cf";
  }

  private void write(String name, String... lines) throws IOException {
    Files.write(directory.resolve(name), List.of(lines));
  }
}
