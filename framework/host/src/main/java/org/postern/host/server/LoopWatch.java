package org.postern.host.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postern.host.protocol.Request;
import org.postern.platform.log.ThreadPlace;
import org.postern.platform.text.ByteStrings;
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
  private final Duration limit;
  private final Consumer<String> offTheLoops;
  private final Replacement replacement;
  private final Function<String, Optional<String>> plugin;
  private final HeapWatch heap = new HeapWatch();
  private final Thread thread;

  /** One loop as it was seen last. */
  private static final class Loop {
    private EventLoop loop;
    private long turns;
    private @Nullable Request inHand;
    private long since = System.nanoTime();
    private boolean told;

    Loop(EventLoop loop) {
      this.loop = loop;
    }
  }

  /** Puts another loop in the place of one. */
  interface Replacement {
    EventLoop of(EventLoop hanging) throws IOException;
  }

  /**
   * @param limit for how long a request may be in hand before its loop is replaced
   * @param plugin the id of the plugin that serves a maptype
   * @param offTheLoops has a table asked by workers from now on
   */
  LoopWatch(
      List<EventLoop> loops,
      Duration limit,
      Function<String, Optional<String>> plugin,
      Consumer<String> offTheLoops,
      Replacement replacement) {
    this.loops = loops.stream().map(Loop::new).toList();
    this.limit = limit;
    this.offTheLoops = offTheLoops;
    this.replacement = replacement;
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
      long last = System.nanoTime();
      while (true) {
        Thread.sleep(PERIOD);
        long now = System.nanoTime();
        leaveOut(now - last - PERIOD.toNanos());
        last = now;
        loops.forEach(this::look);
        heap.look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** When the whole process stood still, no loop hangs because of that. */
  private void leaveOut(long nanos) {
    if (nanos > PERIOD.toNanos()) {
      loops.forEach(loop -> loop.since += nanos);
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
    } else if (inHand instanceof Request.OfTable request
        && now - seen.since >= Math.max(limit.toNanos(), IN_HAND.toNanos())) {
      replace(seen, withoutProxy(request));
    }
  }

  /** No client would be answered again: they are to connect again, to another loop. */
  private void replace(Loop seen, String table) {
    String place = ThreadPlace.of(seen.loop.thread());
    offTheLoops.accept(table);
    try {
      seen.loop = replacement.of(seen.loop);
    } catch (IOException | RuntimeException | Error e) {
      LOG.error("no other event loop can take the place of the one that hangs", e);
    }
    seen.turns = 0;
    seen.inHand = null;
    seen.since = System.nanoTime();
    seen.told = false;
    LOG.error(
        "{} of plugin {} has kept an event loop waiting for longer than postern_lookup_timeout:"
            + " another one takes its place, whose clients connect again; the table is asked by"
            + " workers until a restart. Tell who has made the plugin, or remove it; it is at {}",
        ByteStrings.printable(table),
        plugin.apply(type(table)).orElse("(none)"),
        place);
  }

  private static String withoutProxy(Request.OfTable request) {
    return request.table().replaceFirst("^(proxy:)+", "");
  }

  private static String type(String table) {
    return table.substring(0, Math.max(0, table.indexOf(':')));
  }

  private void tell(@Nullable Request inHand, String place) {
    if (!(inHand instanceof Request.OfTable request)) {
      LOG.error("an event loop does not turn: no client is answered meanwhile; it is at {}", place);
      return;
    }
    String table = withoutProxy(request);
    LOG.error(
        "{} of plugin {} keeps an event loop waiting for more than a second: no client of any table"
            + " is answered meanwhile. The plugin promises that this table answers from memory"
            + " (answersFromMemory, lookupAtOnce): tell who has made it, or remove it; it is at {}",
        ByteStrings.printable(table),
        plugin.apply(type(table)).orElse("(none)"),
        place);
  }
}
