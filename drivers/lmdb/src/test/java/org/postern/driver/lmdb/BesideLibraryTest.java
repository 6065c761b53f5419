package org.postern.driver.lmdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lmdbjava.ByteArrayProxy;
import org.lmdbjava.CursorIterable;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.Txn;
import org.postern.platform.libc.LockableFile;
import org.postern.spi.Changed;
import org.postern.spi.NotFound;
import org.postern.testkit.Prerequisite;

/** What Postern writes, the LMDB library reads and goes on with, and the other way round. */
final class BesideLibraryTest {
  private static final long MAP = 64L << 20;

  @TempDir Path directory;

  /** What has to be in the file. */
  private final TreeMap<String, String> expected = new TreeMap<>();

  private Random random = new Random();
  private Path file = Path.of("");
  private int keys;
  private boolean grows;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void bothChangeAFileInTurn(int seed) throws Exception {
    random = new Random(seed);
    file = directory.resolve("turns.lmdb");
    keys = new int[] {40, 400, 4000}[seed % 3];
    Writer writer = new Writer(file);
    writer.create(MAP);
    writer.acquire();
    try {
      for (int turn = 0; turn < 40; turn++) {
        grows = turn % 20 < 12;
        int changes = 1 + random.nextInt(turn % 7 == 0 ? 1500 : 60);
        if (random.nextInt(4) == 0) {
          byLibrary(changes);
        } else {
          byPostern(writer, changes);
        }
        int pages = checkPages();
        if (turn % 5 == 0) {
          assertThat(contentsByLibrary()).isEqualTo(expected);
        }
        assertThat(pages).isPositive();
      }
    } finally {
      writer.release();
    }
    if (Prerequisite.LMDB.canCheck()) {
      assertThat(LmdbTools.run("mdb_stat", "-n", "-f", file.toString()))
          .contains("Entries: " + expected.size() + "\n");
    }
  }

  private String key() {
    int i = random.nextInt(keys);
    return "key" + i + (i % 5 == 0 ? "-" + "x".repeat(i * 31 % 480) : "");
  }

  private String value() {
    return switch (random.nextInt(20)) {
      case 0 -> "L".repeat(random.nextInt(30_000));
      case 1 -> "M".repeat(1900 + random.nextInt(200));
      default -> "v".repeat(random.nextInt(200));
    };
  }

  private boolean puts() {
    return random.nextInt(10) < (grows ? 7 : 2);
  }

  private void byPostern(Writer writer, int changes) {
    assertThat(
            writer.change(
                MAP,
                entries -> {
                  for (int i = 0; i < changes; i++) {
                    String key = key();
                    if (puts()) {
                      String value = value();
                      entries.put(key.getBytes(UTF_8), value.getBytes(UTF_8));
                      expected.put(key, value);
                    } else {
                      assertThat(entries.delete(key.getBytes(UTF_8)))
                          .isEqualTo(expected.remove(key) != null);
                    }
                  }
                  return changes == 0 ? NotFound.NOT_FOUND : new Changed(0);
                }))
        .isInstanceOf(Changed.class);
  }

  private Env<byte[]> library() {
    return Env.create(ByteArrayProxy.PROXY_BA)
        .setMapSize(MAP)
        .open(file.toFile(), 0600, EnvFlags.MDB_NOSUBDIR, EnvFlags.MDB_NOLOCK, EnvFlags.MDB_NOSYNC);
  }

  private void byLibrary(int changes) {
    try (Env<byte[]> environment = library();
        Txn<byte[]> transaction = environment.txnWrite()) {
      Dbi<byte[]> entries = environment.openDbi(transaction, (byte[]) null, null, false);
      for (int i = 0; i < changes; i++) {
        String key = key();
        if (puts()) {
          String value = value();
          entries.put(transaction, key.getBytes(UTF_8), value.getBytes(UTF_8));
          expected.put(key, value);
        } else {
          assertThat(entries.delete(transaction, key.getBytes(UTF_8)))
              .isEqualTo(expected.remove(key) != null);
        }
      }
      transaction.commit();
    }
  }

  private Map<String, String> contentsByLibrary() {
    Map<String, String> contents = new TreeMap<>();
    try (Env<byte[]> environment = library();
        Txn<byte[]> transaction = environment.txnRead()) {
      Dbi<byte[]> entries = environment.openDbi(transaction, (byte[]) null, null, false);
      assertThat(entries.stat(transaction).entries).isEqualTo(expected.size());
      try (CursorIterable<byte[]> all = entries.iterate(transaction)) {
        all.forEach(
            each -> contents.put(new String(each.key(), UTF_8), new String(each.val(), UTF_8)));
      }
    }
    return contents;
  }

  /** Every page is in use or free, and none is both. */
  private int checkPages() throws Exception {
    try (LockableFile opened = LockableFile.open(file)) {
      return FileCheck.pages(opened);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void manyKeysAtOnce(boolean inOrder) throws Exception {
    file = directory.resolve("many.lmdb");
    random = new Random(9);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      order.add(i);
    }
    if (!inOrder) {
      java.util.Collections.shuffle(order, random);
    }
    Writer writer = new Writer(file);
    writer.create(MAP);
    assertThat(
            writer.change(
                MAP,
                entries -> {
                  for (int i : order) {
                    String key = "user%06d@example.com".formatted(i);
                    entries.put(key.getBytes(UTF_8), ("box" + i).getBytes(UTF_8));
                    expected.put(key, "box" + i);
                  }
                  return new Changed(0);
                }))
        .isInstanceOf(Changed.class);
    checkPages();
    assertThat(contentsByLibrary()).isEqualTo(expected);
    for (int turn = 0; turn < 30; turn++) {
      assertThat(
              writer.change(
                  MAP,
                  entries -> {
                    for (int i = 0; i < 2000; i++) {
                      String key = "user%06d@example.com".formatted(random.nextInt(60_000));
                      assertThat(entries.delete(key.getBytes(UTF_8)))
                          .isEqualTo(expected.remove(key) != null);
                    }
                    return new Changed(0);
                  }))
          .isInstanceOf(Changed.class);
      checkPages();
    }
    assertThat(contentsByLibrary()).isEqualTo(expected);
  }
}
