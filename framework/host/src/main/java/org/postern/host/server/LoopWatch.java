package org.postern.host.server;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postern.host.log.ThreadPlace;
import org.postern.host.protocol.Request;
import org.postern.host.text.ByteStrings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log which table it is when an event loop does not turn for a second: meanwhile no
 * client of any table is answered. It looks from outside at what a loop has in hand, so that a
 * request costs nothing more.
 */
final class LoopWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);
  private static final Duration PERIOD = Duration.ofMillis(500);

  /** For how long one request may be in hand. */
  private static final Duration IN_HAND = Duration.ofSeconds(1);

  /** A loop that nobody asks anything turns once a second. */
  private static final Duration IDLE = Duration.ofSeconds(3);

  private final List<Loop> loops;
  private final Function<String, Optional<String>> plugin;
  private final HeapWatch heap = new HeapWatch();
  private final Thread thread;

  /** One loop as it was seen last. */
  private static final class Loop {
    private final EventLoop loop;
    private long turns;
    private @Nullable Request inHand;
    private long since = System.nanoTime();
    private boolean told;

    Loop(EventLoop loop) {
      this.loop = loop;
    }
  }

  /**
   * @param plugin the id of the plugin that serves a maptype
   */
  LoopWatch(List<EventLoop> loops, Function<String, Optional<String>> plugin) {
    this.loops = loops.stream().map(Loop::new).toList();
    this.plugin = plugin;
    this.thread = Thread.ofPlatform().name("loop-watch").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PERIOD);
        loops.forEach(this::look);
        heap.look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("ReferenceEquality") // an equal request is another one
  private void look(Loop seen) {
    long now = System.nanoTime();
    long turns = seen.loop.turns();
    Request inHand = seen.loop.inHand();
    if (turns != seen.turns || inHand != seen.inHand) {
      if (seen.told) {
        LOG.info("the event loop turns again, after {} s", (now - seen.since) / 1_000_000_000);
      }
      seen.turns = turns;
      seen.inHand = inHand;
      seen.since = now;
      seen.told = false;
    } else if (!seen.told && now - seen.since >= (inHand == null ? IDLE : IN_HAND).toNanos()) {
      seen.told = true;
      tell(inHand, ThreadPlace.of(seen.loop.thread()));
    }
  }

  private void tell(@Nullable Request inHand, String place) {
    if (!(inHand instanceof Request.OfTable request)) {
      LOG.error("an event loop does not turn: no client is answered meanwhile; it is at {}", place);
      return;
    }
    String table = request.table().replaceFirst("^(proxy:)+", "");
    String type = table.substring(0, Math.max(0, table.indexOf(':')));
    LOG.error(
        "{} of plugin {} keeps an event loop waiting for more than a second: no client of any table"
            + " is answered meanwhile. The plugin promises that this table answers from memory"
            + " (answersFromMemory, lookupAtOnce): tell who has made it, or remove it; it is at {}",
        ByteStrings.printable(table),
        plugin.apply(type).orElse("(none)"),
        place);
  }
}
