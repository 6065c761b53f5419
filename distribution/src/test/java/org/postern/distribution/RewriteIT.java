package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.testkit.wire.RawClient;

/** postmap(1) rewrites a table over and over while many clients look keys up in it. */
@Timeout(180)
class RewriteIT {
  private static final int CLIENTS = 16;
  private static final int REWRITES = 40;
  private static final int KEYS = 5000;

  @TempDir Path directory;

  @BeforeAll
  static void postfixIsHere() {
    PrivatePostfix.mustBePossible();
  }

  /**
   * Generation g holds {@code key0 … key4999}, each with the value g, and {@code only-g}. Who asks
   * gets a generation between the last that was whole before Postern looked and the newest.
   */
  @ParameterizedTest
  @ValueSource(strings = {"hash", "btree"})
  void everyAnswerIsThatOfTheOldOrTheNewTable(String type) throws Exception {
    String table = type + ":" + directory + "/table";
    AtomicInteger newest = new AtomicInteger();
    AtomicLong answers = new AtomicLong();
    Queue<String> wrong = new ConcurrentLinkedQueue<>();
    try (PrivatePostfix postfix = new PrivatePostfix(directory)) {
      postfix.set("proxy_read_maps", "proxy:" + table);
      write(postfix, table, 0);
      try (PosternProcess _ = PosternProcess.serve(postfix.config())) {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          int first = i;
          clients.add(
              Thread.ofVirtual().start(() -> ask(postfix, table, first, newest, answers, wrong)));
        }
        for (int generation = 1; generation <= REWRITES; generation++) {
          newest.set(generation);
          write(postfix, table, generation);
        }
        awaitValue(postfix, table, REWRITES);
        newest.set(-1);
        for (Thread client : clients) {
          client.join();
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(answers.get()).isGreaterThan(CLIENTS * 100L);
  }

  private void write(PrivatePostfix postfix, String table, int generation) throws Exception {
    StringBuilder entries = new StringBuilder("only-" + generation + " here\n");
    for (int i = 0; i < KEYS; i++) {
      entries.append("key").append(i).append(' ').append(generation).append('\n');
    }
    Files.writeString(directory.resolve("table"), entries);
    assertThat(postfix.run("", "postmap", table).err()).isEmpty();
  }

  private static void ask(
      PrivatePostfix postfix,
      String table,
      int first,
      AtomicInteger newest,
      AtomicLong answers,
      Queue<String> wrong) {
    int seen = 0;
    try (RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
      for (int i = first; newest.get() >= 0; i++) {
        String key = "key" + i % KEYS;
        String reply = client.ask(RawClient.lookup(table, key));
        int limit = newest.get();
        answers.incrementAndGet();
        if (!reply.matches("status\\|0\\|value\\|\\d+\\|\\|")) {
          wrong.add(key + ": " + reply);
          return;
        }
        int value = Integer.parseInt(reply.substring(15, reply.length() - 2));
        if (value < seen || (limit >= 0 && value > limit)) {
          wrong.add(key + ": " + value + " after " + seen + ", newest is " + limit);
        }
        seen = value;
        String other = client.ask(RawClient.lookup(table, "only-" + (seen + 1000)));
        if (!other.equals("status|1|value|||")) {
          wrong.add("absent key: " + other);
        }
      }
    } catch (Exception e) {
      wrong.add(e.toString());
    }
  }

  private static void awaitValue(PrivatePostfix postfix, String table, int value) throws Exception {
    try (RawClient client = RawClient.connect(postfix.socket("postern-proxymap"))) {
      String wanted = "status|0|value|" + value + "||";
      for (int i = 0; i < 100; i++) {
        if (client.ask(RawClient.lookup(table, "key1")).equals(wanted)) {
          return;
        }
        Thread.sleep(50);
      }
      throw new AssertionError("the last generation is not seen");
    }
  }
}
