package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.testkit.Prerequisite;

/**
 * Root makes tables from sources of its own and of others: {@code postern map} acts as the same
 * user as postmap(1) does, and gives a table the same owner and mode.
 */
@Timeout(600)
class MapOwnerIT {
  private static final int ROOT = 0;

  /** Users that need no name. */
  private static final int SOMEBODY = 4711;

  private static final int SOME_GROUP = 4712;

  private static final List<Integer> OWNERS = List.of(ROOT, SOMEBODY);
  private static final List<Integer> MODES = List.of(0640, 0600, 0664, 04755);

  @TempDir private Path directory;

  private BothMaps maps;

  @TempDir private static Path shared;

  private static String postern = PosternProcess.COMMAND;

  @BeforeAll
  static void everybodyCanRunPostern() throws Exception {
    Prerequisite.POSTMAP.mustBeHere();
    Prerequisite.ROOT.mustBeHere();
    Prerequisite.POSTFIX_CDB.mustBeHere();
    Prerequisite.POSTFIX_LMDB.mustBeHere();
    postern = PosternProcess.homeForAll(shared).resolve("bin/postern").toString();
  }

  @BeforeEach
  void makeDirectories() throws Exception {
    maps = new BothMaps(directory, postern);
    open(directory);
    for (Path own : maps.directories()) {
      open(own);
    }
  }

  private static void open(Path directory) throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static int owner(Path file) throws Exception {
    return (int) Files.getAttribute(file, "unix:uid");
  }

  private static void give(Path file, int owner) throws Exception {
    Files.setAttribute(file, "unix:uid", owner);
    Files.setAttribute(file, "unix:gid", owner == ROOT ? ROOT : SOME_GROUP);
  }

  /**
   * A source for each owner, mode and type, with {@code added} to its mode, in a directory of its
   * owner's.
   *
   * @return the tables
   */
  private List<String> sources(int added) throws Exception {
    List<String> tables = new ArrayList<>();
    for (int owner : OWNERS) {
      for (int mode : MODES) {
        for (String type : BothMaps.TYPES) {
          String name = type + "/" + owner + "-" + Integer.toOctalString(mode);
          for (Path own : maps.directories()) {
            Files.createDirectories(own.resolve(name));
            give(own.resolve(name), owner);
          }
          maps.write(name + "/source", "key value\n");
          for (Path own : maps.directories()) {
            Path source = own.resolve(name + "/source");
            give(source, owner);
            Files.setAttribute(source, "unix:mode", mode | added);
          }
          tables.add(type + ":@" + name + "/source");
        }
      }
    }
    return tables;
  }

  private static Map<String, String> ownersAndModes(Path own, List<String> tables)
      throws Exception {
    Map<String, String> found = new TreeMap<>();
    for (String table : tables) {
      Map<String, Object> attributes =
          Files.readAttributes(BothMaps.file(own, table), "unix:uid,gid,mode");
      found.put(
          table,
          "%s:%s %s"
              .formatted(attributes.get("uid"), attributes.get("gid"), attributes.get("mode")));
    }
    return found;
  }

  private void sameOwnersAndModes(List<String> tables) throws Exception {
    assertThat(ownersAndModes(maps.posterns(), tables))
        .isEqualTo(ownersAndModes(maps.directories().getFirst(), tables));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-p", "-o", "-op"})
  void aNewTableHasTheSameOwnerAndMode(String option) throws Exception {
    List<String> tables = sources(0);
    List<String> arguments = new ArrayList<>(tables);
    if (!option.isEmpty()) {
      arguments.addFirst(option);
    }
    assertThat(maps.same("", arguments).status()).isZero();
    sameOwnersAndModes(tables);
    // And now that there are tables.
    sources(0044);
    assertThat(maps.same("", arguments).status()).isZero();
    sameOwnersAndModes(tables);
  }

  /** A source of somebody else's in root's directory. */
  private void sourcesOfSomebodys() throws Exception {
    maps.writeSources("source", "key new\n");
    for (Path own : maps.directories()) {
      for (String type : BothMaps.TYPES) {
        give(own.resolve(type + "/source"), SOMEBODY);
      }
    }
  }

  @Test
  void somebodysSourceInRootsDirectoryNeedsTheOptionToStayRoot() throws Exception {
    sourcesOfSomebodys();
    for (String type : List.of("hash", "btree", "lmdb")) {
      assertThat(maps.same("", BothMaps.table(type, "source")).err())
          .matches("fatal: open database \\S+: Permission denied\n");
    }
    // postmap(1) names the file that it would have made.
    Postfix.Outcome refused = maps.postern("", BothMaps.table("cdb", "source"));
    assertThat(refused.err())
        .isEqualTo("fatal: open database DIR/cdb/source.cdb: Permission denied\n");
    assertThat(refused.status()).isOne();
    assertThat(maps.postmap("", List.of(BothMaps.table("cdb", "source"))).status()).isOne();
    List<String> arguments = new ArrayList<>(BothMaps.tables("source"));
    arguments.addFirst("-o");
    assertThat(maps.same("", arguments).status()).isZero();
    sameOwnersAndModes(BothMaps.tables("source"));
    // Root's tables are not for somebody else to write.
    for (String type : List.of("hash", "btree", "lmdb")) {
      assertThat(maps.same("", BothMaps.table(type, "source")).status()).isOne();
    }
    sameOwnersAndModes(BothMaps.tables("source"));
  }

  /** Somebody may write the table, but make no file beside it. */
  @Test
  void somebodysTableInRootsDirectory() throws Exception {
    maps.writeSources("source", "key old\n");
    maps.same("", BothMaps.tables("source"));
    for (Path own : maps.directories()) {
      for (String table : BothMaps.tables("source")) {
        give(BothMaps.file(own, table), SOMEBODY);
      }
    }
    sourcesOfSomebodys();
    // An lmdb table is filled where it is.
    String lmdb = BothMaps.table("lmdb", "source");
    assertThat(maps.same("", lmdb).status()).isZero();
    sameOwnersAndModes(List.of(lmdb));
    maps.sameTables(List.of(lmdb));
    // postmap(1) does so with a hash table.
    String hash = BothMaps.table("hash", "source");
    Postfix.Outcome refused = maps.postern("", hash);
    assertThat(refused.status()).isOne();
    assertThat(refused.err())
        .isEqualTo(
            "fatal: open database DIR/hash/source.db: cannot make source.db.postern-new beside it:"
                + " Permission denied\n");
    assertThat(maps.postern("", "-q", "key", hash).out()).isEqualTo("old\n");
    assertThat(maps.postern("", "-o", hash).status()).isZero();
    assertThat(maps.postern("", "-q", "key", hash).out()).isEqualTo("new\n");
    assertThat(owner(BothMaps.file(maps.posterns(), hash))).isEqualTo(SOMEBODY);
  }
}
