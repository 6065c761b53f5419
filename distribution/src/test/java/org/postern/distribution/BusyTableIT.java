package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.Prerequisite;
import org.postern.testkit.wire.RawClient;

/**
 * Sixteen writers and sixteen readers at one btree, and Postfix's postmap(1) beside them. Whatever
 * anybody finds was written, and is no older than what had been acknowledged when he asked; only
 * the read-only service may be behind, and that not for long.
 */
@Timeout(600)
class BusyTableIT {
  /**
   * What postmap(1) says when the file grew after it had opened and before it had locked it:
   * Berkeley DB does not look for pages beyond the end that it has seen. It says so beside
   * Postfix's own proxymap(8) as well.
   */
  private static final String PAGE_NOT_FOUND = "Unknown error -30986\n";

  private static final int SECONDS = Integer.getInteger("postern.soak.seconds", 15);
  private static final int WRITERS = 16;
  private static final int READERS = 16;
  private static final int KEYS_OF_A_WRITER = 30;
  private static final int FLAGS = 64;
  private static final Path DB_VERIFY = Path.of("/usr/bin/db5.3_verify");

  @TempDir Path directory;

  private final Requests requests = new Requests(Requests.Dialect.OLD);
  private final List<KeyHistory> keys =
      IntStream.range(0, WRITERS * KEYS_OF_A_WRITER)
          .mapToObj(i -> new KeyHistory("key" + i + "-".repeat(i % 20)))
          .toList();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicInteger lookups = new AtomicInteger();
  private final AtomicInteger commands = new AtomicInteger();
  private String table;
  private PrivatePostfix postfix;
  private PosternProcess postern;

  @BeforeAll
  static void postfixIsHere() {
    PrivatePostfix.mustBePossible();
  }

  @BeforeEach
  void start() throws Exception {
    table = "btree:" + directory + "/busy";
    postfix =
        new PrivatePostfix(directory)
            .set("proxy_read_maps", "proxy:" + table)
            .set("proxy_write_maps", "proxy:" + table);
    assertThat(postfix.run("", "postmap", "-i", table).err()).isEmpty();
    PosternProcess.mayChange(directory.resolve("busy.db"));
    PosternProcess.mayWriteIn(directory);
    postern = PosternProcess.serve(postfix.config());
  }

  @AfterEach
  void end() {
    postern.close();
  }

  /** Something that a thread does over and over. */
  private interface Work {
    void once(Random random) throws Exception;
  }

  /** The same, with a connection. */
  private interface ClientWork {
    void once(RawClient client, Random random) throws Exception;
  }

  @Test
  void nobodyFindsWhatIsNotThere() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      List<KeyHistory> own = keys.subList(i * KEYS_OF_A_WRITER, (i + 1) * KEYS_OF_A_WRITER);
      threads.add(
          startClient("postern-proxywrite", (client, random) -> change(client, own, random)));
    }
    for (int i = 0; i < READERS / 2; i++) {
      int[] found = new int[keys.size()];
      threads.add(startClient("postern-proxywrite", this::lookUp));
      threads.add(
          startClient("postern-proxymap", (client, random) -> lookUpCopy(client, found, random)));
    }
    threads.add(start(random -> runPostmap(random)));
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).isEmpty();
    System.out.printf(
        "In %d seconds: %s changes, %s lookups, %s times postmap -q%n",
        SECONDS, changes, lookups, commands);
    assertThat(changes.get()).isGreaterThan(WRITERS * SECONDS);
    assertThat(lookups.get()).isGreaterThan(READERS * SECONDS);
    assertThat(commands.get()).isGreaterThan(SECONDS / 2);
    theCopyCatchesUp();
    assertThat(postern.end()).isZero();
    assertThat(postern.log()).doesNotContain("warning:", "error:");
    theFileIsSoundAndComplete();
  }

  private Thread startClient(String service, ClientWork work) {
    return Thread.ofPlatform()
        .start(() -> {
          try (RawClient client = RawClient.connect(postfix.socket(service))) {
            repeat(random -> work.once(client, random));
          } catch (Exception | AssertionError e) {
            wrong.add(e.toString());
          }
        });
  }

  private Thread start(Work work) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            repeat(work);
          } catch (Exception | AssertionError e) {
            wrong.add(e.toString());
          }
        });
  }

  private void repeat(Work work) throws Exception {
    Random random = new Random();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (System.nanoTime() < end && wrong.isEmpty()) {
      work.once(random);
    }
  }

  private void change(RawClient client, List<KeyHistory> own, Random random) throws Exception {
    KeyHistory key = own.get(random.nextInt(own.size()));
    int number = key.begin();
    @Nullable String value = key.after(number);
    String reply =
        client.ask(
            value == null
                ? requests.delete(table, FLAGS, key.key())
                : requests.update(table, FLAGS, key.key(), value));
    assertThat(reply).as("change %d of %s", number, key).isEqualTo("status|0||");
    key.acknowledge(number);
    changes.incrementAndGet();
  }

  private void lookUp(RawClient client, Random random) throws Exception {
    KeyHistory key = keys.get(random.nextInt(keys.size()));
    check(key, key.acknowledged(), ask(client, key));
    lookups.incrementAndGet();
  }

  /**
   * Looks up what may be some changes behind, but never goes back.
   *
   * @param found the last change that was found, of each key
   */
  private void lookUpCopy(RawClient client, int[] found, Random random) throws Exception {
    int i = random.nextInt(keys.size());
    found[i] = check(keys.get(i), found[i], ask(client, keys.get(i)));
    lookups.incrementAndGet();
  }

  private @Nullable String ask(RawClient client, KeyHistory key) throws Exception {
    String reply = client.ask(requests.lookup(table, FLAGS, key.key()));
    if (reply.equals("status|1|value|||")) {
      return null;
    }
    assertThat(reply).startsWith("status|0|value|").endsWith("||");
    return reply.substring("status|0|value|".length(), reply.length() - 2);
  }

  private void runPostmap(Random random) throws Exception {
    KeyHistory key = keys.get(random.nextInt(keys.size()));
    int earliest = key.acknowledged();
    Postfix.Outcome outcome = postfix.run("", "postmap", "-q", key.key(), table);
    if (outcome.err().endsWith(PAGE_NOT_FOUND)) {
      return;
    }
    assertThat(outcome.err()).isEmpty();
    check(key, earliest, outcome.status() == 1 ? null : outcome.out().replace("\n", ""));
    commands.incrementAndGet();
  }

  private static int check(KeyHistory key, int earliest, @Nullable String found) {
    int change = key.changeOf(found, earliest);
    assertThat(change).as("found %s from change %d on: %s", key, earliest, found).isNotNegative();
    return change;
  }

  private void theCopyCatchesUp() throws Exception {
    try (RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
      for (KeyHistory key : keys) {
        @Nullable String last = key.after(key.acknowledged());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!Objects.equals(ask(client, key), last)) {
          assertThat(System.nanoTime()).as("deadline for %s", key).isLessThan(deadline);
          Thread.sleep(10);
        }
      }
    }
  }

  private void theFileIsSoundAndComplete() throws Exception {
    List<String> expected =
        keys.stream()
            .filter(key -> key.after(key.acknowledged()) != null)
            .map(key -> key.key() + "\t" + key.after(key.acknowledged()))
            .sorted()
            .toList();
    Postfix.Outcome dump = postfix.run("", "postmap", "-s", table);
    assertThat(dump.err()).isEmpty();
    assertThat(dump.out().lines().sorted().toList()).isEqualTo(expected);
    if (Prerequisite.BERKELEY_DB.canCheck()) {
      Postfix.Outcome verified =
          postfix.run("", DB_VERIFY.toString(), "-q", directory.resolve("busy.db").toString());
      assertThat(verified.out() + verified.err()).isEmpty();
      assertThat(verified.status()).isZero();
    }
  }
}
