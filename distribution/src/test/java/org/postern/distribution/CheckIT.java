package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code postern check} says what will be in life: as root types it, with a server and without. */
@Timeout(120)
class CheckIT {
  @TempDir static Path shared;

  private static Path home;

  @TempDir Path directory;

  private PrivatePostfix postfix;

  @BeforeAll
  static void postfixIsHere() throws Exception {
    PrivatePostfix.mustBePossible();
    home = PosternProcess.homeForAll(shared);
  }

  @BeforeEach
  void configure() throws Exception {
    postfix = new PrivatePostfix(directory).set("proxy_write_maps", "");
  }

  private Postfix.Outcome check(String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/postern").toString()));
    command.add("check");
    command.addAll(List.of(options));
    return postfix.run("", command);
  }

  private String table(String name, String mode) throws Exception {
    Path file = Files.writeString(directory.resolve(name), "key value\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    return "texthash:" + file;
  }

  @Test
  void whatOnlyRootCanReadIsWrongWithAServerAndWithout() throws Exception {
    String open = table("open", "rw-r--r--");
    String closed = table("closed", "rw-------");
    postfix.set("proxy_read_maps", "proxy:" + open + " proxy:" + closed);
    Postfix.Outcome without = check();
    assertThat(without.out())
        .startsWith("checked by this command, as postfix\n")
        .containsPattern("(?m)^proxymap +" + closed + " +textfile +wrong .*\n +.*Permission denied")
        .containsPattern("(?m)^proxymap +" + open + " +textfile +OK ")
        .endsWith("1 thing to fix\n");
    assertThat(without.out().indexOf(closed)).isLessThan(without.out().indexOf(open));
    assertThat(without.status()).isOne();
    try (PosternProcess server = PosternProcess.serve(postfix.config())) {
      assertThat(check().out())
          .startsWith(
              "checked by the running server, process " + server.handle().pid() + ", as postfix\n")
          .containsPattern(
              "(?m)^proxymap +" + closed + " +textfile +wrong .*\n +.*Permission denied")
          .endsWith("1 thing to fix\n");
      assertThat(check("--local").out()).startsWith("checked by this command, as postfix\n");
      Files.setPosixFilePermissions(
          directory.resolve("closed"), PosixFilePermissions.fromString("rw-r--r--"));
      assertThat(check("--local").out()).endsWith("all is well\n");
    }
  }

  @Test
  void aServerSaysThatItCannotLoadWhatIsOnDisk() throws Exception {
    postfix.set("proxy_read_maps", "proxy:static:x");
    try (PosternProcess _ = PosternProcess.serve(postfix.config())) {
      Path list = directory.resolve("list");
      postfix.set("proxy_read_maps", "proxy:static:x proxy:static:y");
      assertThat(check().out()).contains("static:y", "all is well");
      Files.writeString(postfix.config().resolve("postern.cf"), "postern_pool_sise = 3\n");
      assertThat(check().out())
          .contains("wrong: ", "unknown parameter: postern_pool_sise; did you mean");
      assertThat(list).doesNotExist();
    }
  }

  @Test
  void aCacheThatIsNotThereYetIsNotWrong() throws Exception {
    String cache = "btree:" + directory + "/data/verify_cache";
    String lost = "btree:" + directory + "/nowhere/verify_cache";
    postfix.set("proxy_read_maps", "").set("proxy_write_maps", "proxy:" + cache);
    Postfix.Outcome outcome = check();
    assertThat(outcome.out())
        .containsPattern("(?m)^proxywrite +" + cache + " +berkeleydb +not yet ")
        .contains("is made when it is first used\n")
        .endsWith("all is well\n");
    assertThat(outcome.status()).isZero();
    try (PosternProcess _ = PosternProcess.serve(postfix.config())) {
      assertThat(check().out()).contains("not yet").endsWith("all is well\n");
    }
    assertThat(directory.resolve("data/verify_cache.db")).doesNotExist();
    postfix.set("proxy_write_maps", "proxy:" + lost);
    assertThat(check().out()).contains("No such file or directory").endsWith("1 thing to fix\n");
  }

  @Test
  void oneCommandForAllTablesOfAParameterAndNoneForThoseThatCannotBeProxied() throws Exception {
    String one = table("one", "rw-r--r--");
    String two = table("two", "rw-r--r--");
    postfix
        .set("virtual_alias_maps", "\n    " + one + ",\n    " + two)
        .set("alias_maps", two.replace("two", "aliases"))
        .set("proxy_read_maps", "$virtual_alias_maps $alias_maps $virtual_uid_maps")
        .set("virtual_uid_maps", two.replace("two", "three"));
    String out = check().out();
    String command =
        "postconf -c %s -e 'virtual_alias_maps = proxy:%s, proxy:%s'"
            .formatted(postfix.config(), one, two);
    assertThat(out.lines().filter(line -> line.contains("postconf")).toList())
        .containsExactly("    to proxy: " + command);
    assertThat(out)
        .contains("of alias_maps themselves", "of virtual_uid_maps themselves")
        .endsWith("all is well\n");
    Postfix.Outcome pasted = Postfix.run(List.of("sh", "-c", command), "");
    assertThat(pasted.err()).isEmpty();
    assertThat(check().out())
        .containsPattern("(?m)^proxymap +" + one + " ")
        .containsPattern("(?m)^proxymap +" + two + " ")
        .doesNotContain("to proxy: ");
  }

  @Test
  void whatPostfixAsksWithoutUsIsSaid() throws Exception {
    postfix.set("proxy_read_maps", "proxy:socketmap:inet:127.0.0.1:1:x proxy:tcp:127.0.0.1:1");
    assertThat(check().out())
        .contains(
            "it works without proxy: too; write socketmap:inet:127.0.0.1:1:x,",
            "it works without proxy: too; write tcp:127.0.0.1:1,")
        .endsWith("2 things to fix\n");
  }

  @Test
  void detailsAndJson() throws Exception {
    Path database = directory.resolve("db");
    Postfix.run(List.of("touch", database.toString()), "");
    Files.writeString(
        directory.resolve("sqlite.cf"),
        "dbpath = " + database + "\nquery = SELECT target FROM aliases WHERE address = '%s'\n");
    postfix.set(
        "proxy_read_maps",
        "proxy:static:x proxy:pipemap:{static:y sqlite:" + directory + "/sqlite.cf}");
    assertThat(check().out())
        .containsPattern("member sqlite:.*no such table: aliases")
        .endsWith("1 thing to fix\n");
    Postfix.Outcome json = check("--json");
    assertThat(json.out())
        .startsWith("{")
        .contains(
            "\"checked_by\" : [ \"this command, as postfix\" ]",
            "\"state\" : \"wrong\"",
            "no such table: aliases",
            "\"listed_in\" : \"proxy_read_maps (" + postfix.config() + "/main.cf, line ");
    assertThat(json.status()).isOne();
    Files.writeString(
        directory.resolve("sqlite.cf"), "dbpath = " + database + "\nquery = SELECT 1\n");
    assertThat(check().out()).doesNotContain("asks: ").endsWith("all is well\n");
    assertThat(check("-v").out()).contains("asks: SELECT 1").endsWith("all is well\n");
  }
}
