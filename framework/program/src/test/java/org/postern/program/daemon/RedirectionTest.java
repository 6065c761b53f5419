package org.postern.program.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postern.testkit.wire.RawClient.lookup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.host.approval.Service;
import org.postern.host.service.Explained;
import org.postern.operations.client.TableClient;
import org.postern.operations.status.TableStatus;
import org.postern.testkit.wire.RawClient;

/** Which type serves hash and btree tables on the way away from Berkeley DB. */
@Timeout(60)
class RedirectionTest {
  private static final String RETRY = "status|2|value|||";

  @TempDir Path directory;

  private String hash;
  private String btree;

  @BeforeEach
  void makeTables() throws IOException {
    hash = "hash:" + directory + "/users";
    btree = "btree:" + directory + "/users";
    for (String type : List.of("hash", "btree", "lmdb")) {
      Files.writeString(directory.resolve("users." + type), "1");
    }
  }

  private RunningDaemon daemon(String... more) throws IOException {
    String[] settings = new String[more.length + 8];
    System.arraycopy(more, 0, settings, 8, more.length);
    settings[0] = "proxy_read_maps";
    settings[1] = "proxy:%s proxy:%s proxy:pair:%s".formatted(hash, btree, hash);
    settings[2] = "proxy_write_maps";
    settings[3] = "proxy:" + btree;
    settings[4] = "default_database_type";
    settings[5] = "lmdb";
    settings[6] = "default_cache_db_type";
    settings[7] = "lmdb";
    return new RunningDaemon(directory, settings);
  }

  private static String found(String value) {
    return "status|0|value|" + value + "||";
  }

  private static String ask(RunningDaemon daemon, String table) throws IOException {
    try (RawClient client = daemon.client()) {
      return client.ask(lookup(table, "k"));
    }
  }

  private static void await(RunningDaemon daemon, String table, String reply) throws IOException {
    while (!ask(daemon, table).equals(reply)) {
      Thread.onSpinWait();
    }
  }

  /** Waits for a warning in which all of these stand: it may be logged after the answer. */
  private static void awaitWarning(RunningDaemon daemon, String... parts) {
    while (daemon.log.warnings().stream()
        .noneMatch(line -> Stream.of(parts).allMatch(line::contains))) {
      Thread.onSpinWait();
    }
  }

  @Test
  void withoutTheLevelABerkeleyDbTableIsServedAsItIs() throws IOException {
    try (RunningDaemon daemon = daemon()) {
      assertThat(ask(daemon, hash)).isEqualTo(found("hash 1"));
      assertThat(ask(daemon, btree)).isEqualTo(found("btree 1"));
    }
  }

  @Test
  void postfixsLevelRedirectsAllTables() throws Exception {
    try (RunningDaemon daemon = daemon("non_bdb_migration_level", "enable-redirect")) {
      assertThat(ask(daemon, hash)).isEqualTo(found("lmdb 1"));
      assertThat(ask(daemon, btree)).isEqualTo(found("lmdb 1"));
      assertThat(ask(daemon, "pair:" + hash)).as("a member").isEqualTo(found("lmdb 1"));
      try (RawClient client = RawClient.connect(daemon.writeSocket)) {
        assertThat(client.ask(lookup(btree, "k"))).isEqualTo(found("lmdb 1"));
      }
      assertThat(ask(daemon, "lmdb:" + directory + "/users"))
          .as("approval goes by the name that was asked for")
          .startsWith("status|4|");
      daemon.log.await("INFO redirecting %s to lmdb:%s/users".formatted(hash, directory));
    }
  }

  @Test
  void ourOwnLevelIsForEarlierReleasesAndCountsFirst() throws IOException {
    try (RunningDaemon daemon = daemon("postern_non_bdb_migration_level", "enable-redirect")) {
      assertThat(ask(daemon, hash)).isEqualTo(found("lmdb 1"));
    }
    try (RunningDaemon daemon =
        daemon(
            "non_bdb_migration_level",
            "enable-reindex",
            "postern_non_bdb_migration_level",
            "disable")) {
      assertThat(ask(daemon, hash)).isEqualTo(found("hash 1"));
    }
  }

  @Test
  void anUnknownLevelIsAnErrorThatSaysWhatToWrite() {
    assertThatThrownBy(() -> Configuration.of(Map.of("non_bdb_migration_level", "redirect")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("non_bdb_migration_level")
        .hasMessageContaining("write disable, enable-redirect or enable-reindex");
  }

  @Test
  void aFileThatNobodyHasMadeIsRetryAndTheLogHasTheCommand() throws IOException {
    for (String level : List.of("enable-redirect", "enable-reindex")) {
      Files.deleteIfExists(directory.resolve("users.lmdb"));
      try (RunningDaemon daemon = daemon("non_bdb_migration_level", level)) {
        assertThat(ask(daemon, hash)).isEqualTo(RETRY);
        awaitWarning(daemon, "run \"postmap lmdb:" + directory + "/users\"");
        Files.writeString(directory.resolve("users.lmdb"), "2");
        await(daemon, hash, found("lmdb 2"));
      }
    }
  }

  @Test
  void theOperatorsMappingCountsFirstByNameAndThenByType() throws IOException {
    Path mapping = directory.resolve("mapping");
    Files.writeString(mapping, hash.toLowerCase(Locale.ROOT) + " cdb\nbtree cdb\n");
    Files.writeString(directory.resolve("users.cdb"), "1");
    Files.writeString(directory.resolve("other.lmdb"), "1");
    String other = "hash:" + directory + "/other";
    try (RunningDaemon daemon =
        daemon(
            "non_bdb_migration_level",
            "enable-redirect",
            "non_bdb_custom_mapping",
            "mapping:" + mapping,
            "proxy_read_maps",
            "proxy:%s proxy:%s proxy:%s".formatted(hash, btree, other))) {
      assertThat(ask(daemon, hash)).isEqualTo(found("cdb 1"));
      assertThat(ask(daemon, btree)).isEqualTo(found("cdb 1"));
      assertThat(ask(daemon, other)).isEqualTo(found("lmdb 1"));
      try (RawClient client = RawClient.connect(daemon.writeSocket)) {
        assertThat(client.ask(lookup(btree, "k"))).isEqualTo(found("cdb 1"));
      }
      Files.writeString(mapping, "btree lmdb\n");
      await(daemon, btree, found("lmdb 1"));
      await(daemon, hash, found("lmdb 1"));
    }
  }

  @Test
  void aMappingThatCannotBeAskedOrMakesNoSenseIsRetryAndNamed() throws IOException {
    Path mapping = directory.resolve("mapping");
    try (RunningDaemon daemon =
        daemon(
            "non_bdb_migration_level",
            "enable-redirect",
            "non_bdb_custom_mapping",
            "mapping:" + mapping)) {
      assertThat(ask(daemon, hash)).isEqualTo(RETRY);
      awaitWarning(daemon, "non_bdb_custom_mapping", "lookup error");
      Files.writeString(mapping, "hash btree\n");
      awaitWarning(daemon, "btree is a Berkeley DB type itself");
      assertThat(ask(daemon, hash)).isEqualTo(RETRY);
      Files.writeString(mapping, "hash lmdb\n");
      await(daemon, hash, found("lmdb 1"));
    }
    for (String bad : List.of("hash:" + mapping, "mapping", "gone:x")) {
      try (RunningDaemon daemon =
          daemon("non_bdb_migration_level", "enable-redirect", "non_bdb_custom_mapping", bad)) {
        assertThat(ask(daemon, hash)).as(bad).isEqualTo(RETRY);
        awaitWarning(daemon, "non_bdb_custom_mapping");
      }
    }
  }

  @Test
  void aTargetThatIsABerkeleyDbTypeIsRetryAndSaysWhichParameterToSet() throws IOException {
    try (RunningDaemon daemon =
        daemon("non_bdb_migration_level", "enable-redirect", "default_database_type", "hash")) {
      assertThat(ask(daemon, hash)).isEqualTo(RETRY);
      awaitWarning(daemon, "default_database_type (-o)", "write lmdb, or cdb");
    }
  }

  @Test
  void aChangedLevelIsFollowedWithoutARestart() throws IOException {
    try (RunningDaemon daemon = daemon()) {
      assertThat(ask(daemon, hash)).isEqualTo(found("hash 1"));
      daemon.reconfigure("non_bdb_migration_level", "enable-redirect");
      await(daemon, hash, found("lmdb 1"));
      daemon.reconfigure("non_bdb_migration_level", "disable");
      await(daemon, hash, found("hash 1"));
    }
  }

  @Test
  void statusAndExplainSayWhatServesATable() throws Exception {
    try (RunningDaemon daemon = daemon("non_bdb_migration_level", "enable-redirect")) {
      ask(daemon, hash);
      TableStatus status =
          daemon.status().tables().stream()
              .filter(table -> table.table().equals(hash))
              .findFirst()
              .orElseThrow();
      assertThat(status.servedFrom()).contains("lmdb:" + directory + "/users");
      assertThat(status.plugin()).contains("lmdb plugin");
      Explained explained =
          daemon
              .daemon()
              .explain(Service.PROXYMAP, hash, "k".getBytes(UTF_8), TableClient.DEFAULT_FLAGS)
              .orElseThrow();
      assertThat(explained.plugin()).contains("lmdb plugin");
      assertThat(explained.steps())
          .flatExtracting(Explained.Step::told)
          .contains("served from lmdb:" + directory + "/users");
    }
  }
}
