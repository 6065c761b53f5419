package org.postern.host.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.platform.socket.ChannelDescriptors;

/** Both kinds of poller, on real sockets. */
@Timeout(60)
class PollerTest {
  private static final int NOT_AT_ALL = 0;
  private static final int FOR_LONG = 30_000;

  @TempDir Path directory;

  private final List<AutoCloseable> opened = new ArrayList<>();

  enum Kind {
    EPOLL,
    SELECTOR;

    Poller open() throws IOException {
      return this == EPOLL ? new EpollPoller() : new SelectorPoller();
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T closed(T one) {
    opened.add(one);
    return one;
  }

  @Test
  void theTestsOfThisRoomUseTheOneThatPosternUses() {
    assertThat(ChannelDescriptors.areKnown()).isTrue();
  }

  /** The server's end, and the client's. */
  private record Pair(SocketChannel server, SocketChannel client) {
    void say(String text) throws IOException {
      client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    String read(int most) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(most);
      int count = server.read(bytes);
      return count < 0 ? "end" : new String(bytes.array(), 0, count, StandardCharsets.US_ASCII);
    }
  }

  private Pair pair() throws IOException {
    Path path = directory.resolve("socket" + opened.size());
    try (ServerSocketChannel listening =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(path))) {
      SocketChannel client = closed(SocketChannel.open(UnixDomainSocketAddress.of(path)));
      SocketChannel server = closed(listening.accept());
      server.configureBlocking(false);
      return new Pair(server, client);
    }
  }

  private static String told(boolean readable, boolean writable) {
    return (readable ? "r" : "") + (writable ? "w" : "");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsReadyIsToldAndWhatIsNotAskedForIsNot(Kind kind) throws Exception {
    try (Poller poller = kind.open()) {
      Poller.Events events = poller.events();
      List<String> seen = new ArrayList<>();
      Pair pair = pair();
      Poller.Registration one =
          poller.register(
              pair.server,
              true,
              (readable, writable, _) -> {
                seen.add(told(readable, writable));
                try {
                  seen.add(pair.read(100));
                } catch (IOException e) {
                  seen.add(e.toString());
                }
              });
      pair.say("early");
      events.await(NOT_AT_ALL);
      events.dispatch();
      assertThat(seen).isEmpty();

      one.interest(true, false);
      events.await(FOR_LONG);
      events.dispatch();
      assertThat(seen).containsExactly("r", "early");

      events.await(NOT_AT_ALL);
      assertThat(events.isEmpty()).isTrue();
      pair.say("more");
      events.await(FOR_LONG);
      events.dispatch();
      assertThat(seen).endsWith("r", "more");

      one.interest(false, true);
      events.await(FOR_LONG);
      events.dispatch();
      assertThat(seen).endsWith("w", "");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theEndOfAStreamIsToldThoughBytesComeWithIt(Kind kind) throws Exception {
    try (Poller poller = kind.open()) {
      Poller.Events events = poller.events();
      List<String> seen = new ArrayList<>();
      Pair pair = pair();
      Poller.Registration[] one = new Poller.Registration[1];
      one[0] =
          poller.register(
              pair.server,
              true,
              (_, _, last) -> {
                try {
                  seen.add(pair.read(100));
                } catch (IOException e) {
                  seen.add(e.toString());
                }
                if (last) {
                  one[0].interest(true, false);
                }
              });
      one[0].interest(true, false);
      pair.say("bye");
      pair.client.close();
      while (!seen.contains("end")) {
        events.await(FOR_LONG);
        events.dispatch();
      }
      assertThat(seen).startsWith("bye");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aThreadThatWaitsCanBeWokenAndOneThatBeginsToAsWell(Kind kind) throws Exception {
    try (Poller poller = kind.open()) {
      Poller.Events events = poller.events();
      poller.wakeUp();
      events.await(FOR_LONG);
      events.dispatch();
      CountDownLatch begun = new CountDownLatch(1);
      Thread waking =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  begun.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                poller.wakeUp();
              });
      begun.countDown();
      events.await(FOR_LONG);
      waking.join();
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofAChannelThatWasClosedNothingIsTold(Kind kind) throws Exception {
    try (Poller poller = kind.open()) {
      Poller.Events events = poller.events();
      AtomicInteger told = new AtomicInteger();
      Pair pair = pair();
      Poller.Registration one =
          poller.register(pair.server, true, (_, _, _) -> told.incrementAndGet());
      one.interest(true, false);
      pair.say("late");
      events.await(FOR_LONG);
      one.cancel();
      pair.server.close();
      // Its descriptor may be another one's by now, and its place is.
      Pair next = pair();
      AtomicInteger toldNext = new AtomicInteger();
      poller.register(next.server, true, (_, _, _) -> toldNext.incrementAndGet());
      events.dispatch();
      assertThat(told).hasValue(0);
      assertThat(toldNext).hasValue(0);
      one.interest(true, true); // nobody minds
    }
  }

  @Test
  void ofThreadsThatWaitOneLearnsOfAnEvent() throws Exception {
    assumeTrue(ChannelDescriptors.areKnown());
    int rounds = 200;
    try (Poller poller = new EpollPoller()) {
      Pair pair = pair();
      AtomicInteger told = new AtomicInteger();
      AtomicInteger woken = new AtomicInteger();
      CountDownLatch all = new CountDownLatch(rounds);
      Poller.Registration one =
          poller.register(
              pair.server,
              true,
              (_, _, _) -> {
                try {
                  told.addAndGet(pair.read(100).length());
                } catch (IOException e) {
                  told.set(Integer.MIN_VALUE);
                }
                all.countDown();
              });
      one.interest(true, false);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        threads.add(
            Thread.ofPlatform()
                .start(() -> {
                  Poller.Events events = poller.events();
                  while (all.getCount() > 0) {
                    try {
                      events.await(100);
                    } catch (IOException e) {
                      return;
                    }
                    if (!events.isEmpty()) {
                      woken.incrementAndGet();
                      synchronized (told) {
                        events.handOver().dispatch();
                      }
                    }
                  }
                }));
      }
      for (int i = 1; i <= rounds; i++) {
        pair.say("x");
        while (told.get() < i) {
          Thread.onSpinWait();
        }
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(told).hasValue(rounds);
      assertThat(woken).hasValue(rounds);
    }
  }
}
