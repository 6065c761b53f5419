package org.postern.host.service;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postern.host.approval.Approved;
import org.postern.host.approval.Service;
import org.postern.host.protocol.Dialect;
import org.postern.host.protocol.FlagNames;
import org.postern.host.protocol.Reply;
import org.postern.host.protocol.Request;
import org.postern.host.protocol.Status;
import org.postern.host.service.Explained.Kind;
import org.postern.host.service.Explained.Result;
import org.postern.host.service.Explained.Step;
import org.postern.host.table.OpenTable;
import org.postern.host.table.OpenTables;
import org.postern.host.table.TableInstance;
import org.postern.host.table.TableState;
import org.postern.platform.log.ThreadPlace;
import org.postern.platform.text.ByteStrings;
import org.postern.spi.Backend;
import org.postern.spi.ConfigError;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;
import org.postern.spi.TableFlags;

/**
 * Looks one key up as {@link TableService} would for a client, step by step, on another thread than
 * an event loop, and notes what it sees. For one lookup, by one thread.
 */
public final class LookupExplainer {
  private static final String PROXY = "proxy:";
  private static final double NANOS = 1e9;

  private final Service service;
  private final TableService.Rules rules;
  private final OpenTables tables;
  private final BackendWorkers workers;
  private final Optional<String> trouble;
  private final long deadline;

  private final List<Step> steps = new ArrayList<>();
  private Optional<String> approvedBy = Optional.empty();
  private Optional<String> backendName = Optional.empty();
  private long begun = System.nanoTime();

  LookupExplainer(
      Service service,
      TableService.Rules rules,
      OpenTables tables,
      BackendWorkers workers,
      Optional<String> trouble,
      Duration limit) {
    this.service = service;
    this.rules = rules;
    this.tables = tables;
    this.workers = workers;
    this.trouble = trouble;
    this.deadline = System.nanoTime() + limit.toNanos();
  }

  /** Who asks: a thread that waits for its one answer. */
  private static final class Operator implements Asker {
    @Override
    public Deferred defer() {
      throw new IllegalStateException("waits by itself");
    }

    @Override
    public boolean takes(Runnable work) {
      return false;
    }

    @Override
    public Cursors cursors() {
      return new Cursors();
    }
  }

  /**
   * Looks the key up.
   *
   * @param typeAndName a byte string; {@code proxy:} before it is ignored
   * @param flags as a client opens the table with
   */
  public Explained explain(String typeAndName, byte[] key, int flags) throws InterruptedException {
    String table = typeAndName;
    while (table.startsWith(PROXY)) {
      table = table.substring(PROXY.length());
    }
    Result result = result(table, key, flags);
    return new Explained(
        service.serviceName(),
        ByteStrings.decode(table),
        new String(key, StandardCharsets.UTF_8),
        approvedBy,
        plugin(table),
        backendName,
        List.copyOf(steps),
        result);
  }

  private Optional<String> plugin(String table) {
    int colon = table.indexOf(':');
    return colon < 0
        ? Optional.empty()
        : tables.plugin(
            tables.named(table).stream()
                .findFirst()
                .map(OpenTable::servingType)
                .orElse(table.substring(0, colon)));
  }

  private Result result(String table, byte[] key, int flags) throws InterruptedException {
    if (table.indexOf(':') < 0) {
      step(Kind.APPROVAL, "not of the form type:name", List.of());
      return result(new Reply(Status.BAD, 0), null);
    }
    begun = System.nanoTime();
    boolean approved = rules.approval().approves(table);
    double seconds = lap();
    if (!approved) {
      steps.add(new Step(Kind.APPROVAL, "denied", seconds, denial(table)));
      return result(new Reply(Status.DENY, 0), null);
    }
    approvedBy = rules.approval().approved(table).map(Approved::place);
    String by =
        approvedBy.orElse("the configuration from before its last change; no list names it now");
    steps.add(new Step(Kind.APPROVAL, "approved by " + by, seconds, List.of()));

    begun = System.nanoTime();
    List<OpenTable> before = tables.named(table);
    OpenTable open = tables.get(table, flags);
    // Not by its state alone: a new one may be open already.
    boolean settled = before.contains(open) && open.state() != TableState.Opening.OPENING;
    if (!awaitSettled(open)) {
      step(Kind.OPENING, "takes too long", List.of());
      return tooLate(flags, ": " + open.nameAndPlugin() + " is still being opened");
    }
    boolean utf8 = rules.smtputf8() && (flags & TableFlags.UTF8_REQUEST) != 0;
    return switch (open.state()) {
      case TableState.Unavailable unavailable -> {
        step(Kind.OPENING, "unavailable: " + unavailable.reason(), files(open));
        yield result(
            TableService.unavailable(
                new Request.Lookup(Dialect.NEW, table, flags, flags, key),
                unavailable,
                rules.smtputf8()),
            unavailable.reason());
      }
      case TableState.Opening _ -> throw new IllegalStateException(table);
      case TableState.Ready(TableInstance instance) -> {
        step(Kind.OPENING, settled ? "is open" : "was opened now", files(open));
        int inForce = flags | instance.flags() | (utf8 ? TableFlags.UTF8_ACTIVE : 0);
        Request.Lookup lookup = new Request.Lookup(Dialect.NEW, table, flags, inForce, key);
        yield lookUp(new TableCall(open, instance, lookup, inForce, utf8, new Operator()), lookup);
      }
    };
  }

  private List<String> denial(String table) {
    List<String> told =
        new ArrayList<>(rules.approval().denial(ByteStrings.printable(table), trouble));
    told.add("to do so: " + ByteStrings.decode(rules.approval().commandToApprove(table)));
    return told;
  }

  private static List<String> files(OpenTable open) {
    return Stream.concat(
            open.servedFrom().stream().map(other -> "served from " + ByteStrings.printable(other)),
            open.files().stream().map(file -> "file: " + file))
        .toList();
  }

  private boolean awaitSettled(OpenTable open) throws InterruptedException {
    CountDownLatch settled = new CountDownLatch(1);
    return !open.whenSettled(settled::countDown)
        || settled.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private Result lookUp(TableCall call, Request.Lookup lookup) throws InterruptedException {
    if (!call.instance().tryLease()) {
      return closing(call);
    }
    List<String> told = new CopyOnWriteArrayList<>();
    Optional<Backend> backend = call.instance().backend();
    backendName = backend.map(Backend::name);
    begun = System.nanoTime();
    FutureTask<Optional<Seen>> here =
        new FutureTask<>(() -> lookUpHere(call, lookup, backend.isPresent(), told));
    Thread thread = Thread.ofPlatform().name("explain").daemon().start(here);
    try {
      Optional<Seen> seen = here.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (backend.isPresent() && seen.isEmpty()) {
        return lookUpAtBackend(call, lookup, backend.get(), told);
      }
      String turn =
          backend.isEmpty()
              ? "none is waited for: the table never waits"
              : "none is waited for: this key is answered at once";
      return result(call, lookup, turn, seen.orElseThrow(), told);
    } catch (TimeoutException e) {
      String place = ThreadPlace.of(thread);
      thread.interrupt();
      step(Kind.LOOKUP, "takes too long", told);
      return tooLate(
          call.flags(),
          ": %s should answer from memory, and does not come back; ask who has made the plugin, or remove it; it is at %s"
              .formatted(call.open().nameAndPlugin(), place));
    } catch (ExecutionException e) {
      throw new IllegalStateException("a driver failed: " + e.getCause(), e);
    }
  }

  private static Result closing(TableCall call) {
    return result(call.retry("the table is being closed"), "the table is being closed");
  }

  /**
   * What is found without a worker, on a thread that may hang in a plugin; it gives back the lease.
   *
   * @return empty when a worker must be asked
   */
  private Optional<Seen> lookUpHere(
      TableCall call, Request.Lookup lookup, boolean mayWait, List<String> told) {
    try {
      if (mayWait && call.runAtOnce() == null) {
        return Optional.empty();
      }
      long now = System.nanoTime();
      LookupResult found = call.explain(lookup, told::add);
      return Optional.of(new Seen((now - begun) / NANOS, (System.nanoTime() - now) / NANOS, found));
    } finally {
      call.instance().release();
    }
  }

  private Result result(
      TableCall call, Request.Lookup lookup, String turn, Seen seen, List<String> told) {
    steps.add(new Step(Kind.TURN, turn, seen.waited(), List.of()));
    steps.add(new Step(Kind.LOOKUP, outcome(seen.found()), seen.took(), List.copyOf(told)));
    return result(call.reply(lookup, seen.found()), reason(seen.found()));
  }

  /** What the thread that has asked the table saw. */
  private record Seen(double waited, double took, LookupResult found) {}

  /** What a worker does. */
  private final class Explaining implements Work {
    private final TableCall call;
    private final Request.Lookup lookup;
    private final CompletableFuture<Double> turn;
    private final CompletableFuture<Seen> seen;
    private final List<String> told;

    Explaining(
        TableCall call,
        Request.Lookup lookup,
        CompletableFuture<Double> turn,
        CompletableFuture<Seen> seen,
        List<String> told) {
      this.call = call;
      this.lookup = lookup;
      this.turn = turn;
      this.seen = seen;
      this.told = told;
    }

    @Override
    public void call() {
      try {
        long now = System.nanoTime();
        turn.complete((now - begun) / NANOS);
        LookupResult found = call.explain(lookup, told::add);
        seen.complete(new Seen(turn.join(), (System.nanoTime() - now) / NANOS, found));
      } catch (RuntimeException | Error e) {
        seen.completeExceptionally(e);
      }
    }

    @Override
    public void end() {
      call.instance().release();
    }

    @Override
    public void givenUp() {
      seen.completeExceptionally(new IllegalStateException("the call does not come back"));
    }

    @Override
    public String name() {
      return TableService.nameOf(call);
    }

    @Override
    public boolean interruptible() {
      return true;
    }

    @Override
    public boolean replaceable() {
      return true;
    }
  }

  private Result lookUpAtBackend(
      TableCall call, Request.Lookup lookup, Backend backend, List<String> told)
      throws InterruptedException {
    if (!call.instance().tryLease()) {
      return closing(call);
    }
    CompletableFuture<Double> turn = new CompletableFuture<>();
    CompletableFuture<Seen> seen = new CompletableFuture<>();
    begun = System.nanoTime();
    String refusal =
        workers.submit(backend, call.asker(), new Explaining(call, lookup, turn, seen, told));
    String at = "at " + backend.name() + ", " + backend.workers() + " at once";
    if (refusal != null) {
      call.instance().release();
      step(Kind.TURN, "none: " + refusal, List.of());
      return result(call.retry(refusal), refusal);
    }
    try {
      Seen one = seen.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      return result(call, lookup, at, one, told);
    } catch (TimeoutException e) {
      Double waited = turn.getNow(null);
      if (waited == null) {
        step(Kind.TURN, at + ": none in time", List.of());
      } else {
        steps.add(new Step(Kind.TURN, at, waited, List.of()));
        steps.add(new Step(Kind.LOOKUP, "takes too long", lap() - waited, told));
      }
      return tooLate(
          call.flags(),
          ": look whether what %s asks is slow; if not, ask who has made the plugin"
              .formatted(call.open().nameAndPlugin()));
    } catch (ExecutionException e) {
      throw new IllegalStateException("a driver failed: " + e.getCause(), e);
    }
  }

  private static String outcome(LookupResult found) {
    return switch (found) {
      case Found _ -> "found";
      case NotFound _ -> "not found";
      case Retry _ -> "no answer";
      case ConfigError _ -> "an answer that must not be used";
    };
  }

  private static @Nullable String reason(LookupResult found) {
    return switch (found) {
      case Found _, NotFound _ -> null;
      case Retry(String reason) -> reason;
      case ConfigError(String reason, int _) -> reason;
    };
  }

  private Result tooLate(int flags, String why) {
    return result(new Reply(Status.RETRY, flags), "no answer within postern_lookup_timeout" + why);
  }

  private static Result result(Reply reply, @Nullable String reason) {
    boolean found = reply.status() == Status.OK;
    return new Result(
        reply.status().name(),
        reply.status().number(),
        FlagNames.of(reply.flags()),
        found ? Optional.of(new String(reply.value(), StandardCharsets.UTF_8)) : Optional.empty(),
        Optional.ofNullable(reason));
  }

  private void step(Kind kind, String outcome, List<String> told) {
    steps.add(new Step(kind, outcome, lap(), List.copyOf(told)));
  }

  private double lap() {
    return (System.nanoTime() - begun) / NANOS;
  }
}
