package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postern.testkit.Patience;
import org.postern.testkit.wire.RawClient;

/** Postern as a child of master(8), while it is asked all the time. */
@Timeout(300)
class MasterUnderLoadIT extends ChildOfMaster {
  private static final int RELOADS = 100;
  private static final int KILLS = 5;

  /** Between an answer and the next question of a client: the processor is for master(8) too. */
  private static final long PAUSE_NANOS = 200_000;

  @Test
  void nothingIsLostWhileMasterReloads() throws Exception {
    start("");
    underLoad(_ -> {
      for (int i = 0; i < RELOADS; i++) {
        postfix.reload();
        Thread.sleep(300);
      }
    });
    Patience.until(() -> processes().size() <= 1);
  }

  @Test
  void nothingIsLostWhenItIsKilled() throws Exception {
    start("");
    underLoad(asked -> {
      for (int i = 0; i < KILLS; i++) {
        // master(8) takes one that dies before it has said that it works for a broken one.
        getOn(asked);
        processes().forEach(ProcessHandle::destroyForcibly);
      }
    });
  }

  /** Something that is done while clients ask, each of whom asks again when it is cut off. */
  private interface Trial {
    void run(AtomicInteger asked) throws Exception;
  }

  private void underLoad(Trial trial) throws Exception {
    AtomicInteger asked = new AtomicInteger();
    Queue<String> wrong = new ConcurrentLinkedQueue<>();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int first = i;
      clients.add(Thread.ofPlatform().start(() -> keepAsking(first, asked, wrong)));
    }
    try {
      Patience.until(() -> asked.get() > 0 || !wrong.isEmpty());
      trial.run(asked);
      // Each of them gets on after the last disturbance.
      getOn(asked);
    } catch (AssertionError e) {
      throw new AssertionError(postfix.log(), e);
    } finally {
      asked.set(-1); // Those who cannot connect would keep all tests to come from being heard.
    }
    for (Thread client : clients) {
      client.join();
    }
    assertThat(wrong).isEmpty();
  }

  private static void getOn(AtomicInteger asked) throws Exception {
    int before = asked.get();
    Patience.until(() -> asked.get() > before + 1000);
  }

  private void keepAsking(int first, AtomicInteger asked, Queue<String> wrong) {
    int i = first;
    while (asked.get() >= 0) {
      try (RawClient client = client()) {
        while (asked.get() >= 0) {
          String reply = ask(client, i % KEYS);
          if (reply.isEmpty()) {
            break;
          }
          if (!reply.equals(found(i % KEYS))) {
            wrong.add("key" + i % KEYS + ": " + reply);
          }
          i++;
          LockSupport.parkNanos(PAUSE_NANOS);
          asked.updateAndGet(count -> count < 0 ? count : count + 1);
        }
      } catch (IOException e) {
        // Cut off: asked again.
      }
    }
  }
}
