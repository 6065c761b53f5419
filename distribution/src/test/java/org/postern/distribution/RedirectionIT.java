package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.wire.RawClient;

/**
 * A Postfix that is told to do without Berkeley DB (postconf(5), {@code non_bdb_migration_level}),
 * beside stale files of Berkeley DB. What Postfix 3.12's postmap(1) answers to the same was looked
 * up when this was written: {@code hash:/table} is {@code lmdb:/table}, whatever {@code table.db}
 * holds. Debian's Postfix does not know the level; Postern's own parameter stands for it.
 */
@Timeout(180)
class RedirectionIT {
  private static final String LEVEL = "postern_non_bdb_migration_level=enable-redirect";

  @TempDir Path directory;

  private PrivatePostfix postfix;
  private Path tables;

  @BeforeAll
  static void postfixIsHere() {
    PrivatePostfix.mustBePossible();
    Prerequisite.POSTFIX_LMDB.mustBeHere();
  }

  @BeforeEach
  void configure() throws Exception {
    postfix = new PrivatePostfix(directory);
    tables = Files.createDirectory(directory.resolve("tables"));
    Files.writeString(tables.resolve("table"), "key stale\n");
    assertThat(postfix.run("", "postmap", "hash:" + tables + "/table").err()).isEmpty();
    Files.writeString(tables.resolve("table"), "key fresh\n");
    assertThat(postfix.run("", "postmap", "lmdb:" + tables + "/table").err()).isEmpty();
    Files.writeString(tables.resolve("missing"), "key value\n");
    PosternProcess.mayChange(tables);
    postfix
        .set("default_database_type", "lmdb")
        .set("default_cache_db_type", "lmdb")
        .set("virtual_alias_maps", "proxy:hash:" + tables + "/table")
        .set("transport_maps", "proxy:hash:" + tables + "/missing")
        .set("proxy_read_maps", "$virtual_alias_maps $transport_maps")
        .set("proxy_write_maps", "proxy:btree:" + tables + "/cache");
  }

  @AfterEach
  void stop() throws Exception {
    postfix.close();
  }

  private Postfix.Outcome postern(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(PosternProcess.COMMAND));
    command.addAll(List.of(arguments));
    return postfix.run("", command);
  }

  private String ask(String service, String message) throws IOException {
    try (RawClient client = RawClient.connect(postfix.socket(service))) {
      return client.ask(message);
    }
  }

  @Test
  void clientsGetTheTableThatPostfixReads() throws Exception {
    String hash = "hash:" + tables + "/table";
    String cache = "btree:" + tables + "/cache";
    try (PosternProcess served = PosternProcess.serve(postfix.config(), "-o", LEVEL)) {
      assertThat(ask("postern-proxymap", RawClient.lookup(hash, "key")))
          .isEqualTo("status|0|value|fresh||");
      assertThat(ask("postern-proxymap", "request|open|table|" + hash + "|flags|0||"))
          .as("the flags are those of lmdb")
          .isEqualTo("status|0|flags|262172||");
      assertThat(
              ask(
                  "postern-proxywrite",
                  "request|update|table|" + cache + "|flags|262172|key|a|value|b||"))
          .isEqualTo("status|0||");
      assertThat(ask("postern-proxywrite", RawClient.lookup(cache, "a")))
          .isEqualTo("status|0|value|b||");
      assertThat(tables.resolve("cache.lmdb")).exists();
      assertThat(tables.resolve("cache.db")).doesNotExist();
      assertThat(ask("postern-proxymap", RawClient.lookup("hash:" + tables + "/missing", "key")))
          .isEqualTo("status|2|value|||");
      assertThat(served.log())
          .contains("redirecting " + hash + " to lmdb:" + tables + "/table")
          .contains("run \"postmap lmdb:" + tables + "/missing\"");
    }
  }

  /** The level is in postern.cf, where commands see it too. */
  @Test
  void commandsReadAndMakeTheTableThatPostfixReads() throws Exception {
    Files.writeString(postfix.config().resolve("postern.cf"), LEVEL.replace("=", " = ") + "\n");
    String hash = "hash:" + tables + "/table";
    assertThat(postern("map", "-q", "key", hash).out()).isEqualTo("fresh\n");
    assertThat(postern("map", "hash:" + tables + "/missing").err()).isEmpty();
    assertThat(tables.resolve("missing.lmdb")).exists();
    assertThat(tables.resolve("missing.db")).doesNotExist();
    assertThat(postern("map", "--convert", hash, "lmdb:" + tables + "/moved").status()).isZero();
    assertThat(postfix.run("", "postmap", "-q", "key", "lmdb:" + tables + "/moved").out())
        .as("read from the Berkeley DB file")
        .isEqualTo("stale\n");
    assertThat(postern("check", "-v").out()).contains("served from lmdb:" + tables + "/table");
  }
}
