package org.postern.host.service;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postern.host.approval.Service;
import org.postern.host.approval.TableApproval;
import org.postern.host.protocol.Dialect;
import org.postern.host.protocol.Reply;
import org.postern.host.protocol.Request;
import org.postern.host.protocol.RequestKind;
import org.postern.host.protocol.Status;
import org.postern.host.statistics.ServiceStatistics;
import org.postern.host.statistics.TableStatistics;
import org.postern.host.table.OpenTable;
import org.postern.host.table.OpenTables;
import org.postern.host.table.TableInstance;
import org.postern.host.table.TableState;
import org.postern.platform.text.ByteStrings;
import org.postern.platform.text.Utf8;
import org.postern.spi.Backend;
import org.postern.spi.TableFlags;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxymap or the proxywrite service: answers requests, after approval, from the open tables.
 * Called by event loops; what may wait goes to workers.
 */
public final class TableService {
  private static final Logger LOG = LoggerFactory.getLogger(TableService.class);
  private static final String PROXY = "proxy:";

  /** A longer name counts if it is approved already; no newer list is read for it. */
  private static final int LONGEST_TABLE = 64 * 1024;

  /** A request that is larger is denied without a look at the files. */
  private static final int LARGEST_PENDING = 64 * 1024;

  private static final Reply BAD = new Reply(Status.BAD, 0);
  private static final Reply DENIED = new Reply(Status.DENY, 0);

  private static final TableState.Unavailable TOO_LATE =
      new TableState.Unavailable("no answer in time", true);

  private static final TableState.Unavailable FAILED =
      new TableState.Unavailable("internal error", true);

  /** Given in place of a reply that nobody waits for; never sent. */
  private static final Reply ABANDONED = new Reply(Status.RETRY, 0);

  private final Service service;
  private final OpenTables tables;
  private final BackendWorkers workers;
  private final LargeRequests large;

  private final ServiceStatistics statistics = new ServiceStatistics();
  private final SharedLookups sharedLookups = new SharedLookups();
  private final SlowRequests slowRequests = new SlowRequests(System::nanoTime);

  private volatile Rules rules;
  private volatile int longestTable;
  private volatile @Nullable ConfigurationLook look;

  /**
   * What the configuration says; replaced as a whole when it is read again.
   *
   * @param smtputf8 whether UTF-8 is active for who asks: {@code smtputf8_enable}
   * @param slow from how long on a request that waits for a backend is logged; 0: never
   */
  public record Rules(TableApproval approval, boolean smtputf8, Duration slow) {}

  /**
   * @param large those of all services
   */
  public TableService(
      Service service,
      Rules rules,
      OpenTables tables,
      BackendWorkers workers,
      LargeRequests large) {
    this.service = service;
    this.rules = rules;
    this.longestTable = longest(rules.approval());
    this.tables = tables;
    this.workers = workers;
    this.large = large;
  }

  /** What has been asked of it that no table was asked. */
  public ServiceStatistics statistics() {
    return statistics;
  }

  /** Which tables may be asked for. */
  public TableApproval approval() {
    return rules.approval();
  }

  /** Goes by other rules from now on. */
  public void setRules(Rules changed) {
    longestTable = Math.max(longestTable, longest(changed.approval()));
    rules = changed;
  }

  private static int longest(TableApproval approval) {
    return Math.max(LONGEST_TABLE, approval.longestName());
  }

  /**
   * How long the name of a table may be, bytes, without {@code proxy:}: none longer is approved.
   */
  public int longestTable() {
    return longestTable;
  }

  /** Has this look at the files before a request is denied. */
  public void setLook(ConfigurationLook before) {
    look = before;
  }

  /**
   * Tells how a key would be looked up, by doing it.
   *
   * @param limit how long that may take
   */
  public LookupExplainer explainer(Duration limit) {
    ConfigurationLook before = look;
    Optional<String> trouble = before == null ? Optional.empty() : before.trouble();
    return new LookupExplainer(service, rules, tables, workers, trouble, limit);
  }

  /**
   * Answers a request.
   *
   * @return null when the reply comes later, by what {@link Asker#defer} gave
   */
  public @Nullable Reply answer(Request request, Asker asker) {
    Reply reply;
    if (request instanceof Request.OfTable ofTable) {
      reply = answer(ofTable, asker);
    } else {
      LOG.warn("{}", ((Request.Malformed) request).complaint());
      statistics.malformed();
      reply = BAD;
    }
    if (LOG.isTraceEnabled() && reply != null) {
      LOG.trace("{} {}", Trace.of(request), reply.status());
    }
    return reply;
  }

  private @Nullable Reply answer(Request.OfTable request, Asker asker) {
    if (service == Service.PROXYMAP
        && (request instanceof Request.Update || request instanceof Request.Delete)) {
      refuse(request);
      return DENIED;
    }
    String table = withoutProxy(request.table());
    if (table.indexOf(':') < 0) {
      statistics.malformed();
      return BAD;
    }
    Rules now = rules;
    if (!now.approval().approves(table)) {
      return unapproved(request, table, asker);
    }
    OpenTable open = tables.get(table, request.instanceFlags());
    long begun = open.statistics().begin(request.kind());
    Reply reply = answer(request, asker, open, now.smtputf8());
    if (reply != null) {
      open.statistics().answeredAtOnce(request.kind(), reply.status(), begun);
    }
    return reply;
  }

  private @Nullable Reply answer(
      Request.OfTable request, Asker asker, OpenTable open, boolean smtputf8) {
    TableState state = open.state();
    if (state instanceof TableState.Ready(TableInstance instance)) {
      return answer(request, asker, open, instance, smtputf8);
    }
    if (state instanceof TableState.Unavailable unavailable) {
      return unavailable(request, unavailable, smtputf8);
    }
    Deferred deferred = asker.defer();
    if (!open.whenSettled(deferred::askAgain)) {
      deferred.askAgain();
    }
    return null;
  }

  private static String withoutProxy(String name) {
    int at = 0;
    while (name.startsWith(PROXY, at)) {
      at += PROXY.length();
    }
    return name.substring(at);
  }

  /**
   * The reply to a request that has waited for longer than postern_lookup_timeout.
   *
   * @param waited for how long, nanoseconds
   */
  public Reply tooLate(Request request, long waited) {
    return switch (request) {
      case Request.Malformed _ -> BAD;
      case Request.OfTable ofTable -> {
        LOG.warn(
            "{}: {} error: no answer within postern_lookup_timeout",
            ByteStrings.printable(ofTable.table()),
            request.kind().requestName());
        Reply reply = unavailable(ofTable, TOO_LATE, rules.smtputf8());
        for (OpenTable open : tables.named(withoutProxy(ofTable.table()))) {
          open.statistics().answered(request.kind(), reply.status(), waited);
          open.statistics().failed("no answer within postern_lookup_timeout");
          break; // other instances have the same
        }
        yield reply;
      }
    };
  }

  /** Denies a request, unless the files of the configuration have changed and approve it now. */
  private @Nullable Reply unapproved(Request.OfTable request, String table, Asker asker) {
    ConfigurationLook before = look;
    // Nothing large is kept until then: it would be old by the time it is garbage. No program of
    // Postfix sends it.
    if (before == null || table.length() > longestTable || request.size() > LARGEST_PENDING) {
      deny(table, Optional.empty());
      return DENIED;
    }
    Deferred deferred = asker.defer();
    if (!before.await(new PendingDenial(before, table, request.size(), deferred))) {
      deny(table, Optional.empty());
      deferred.complete(DENIED);
    }
    return null;
  }

  /** A request for a table that is not approved, until the files have been looked at. */
  private final class PendingDenial implements ConfigurationLook.Pending {
    private final ConfigurationLook look;
    private final String table;
    private final int keySize;
    private final Deferred deferred;

    PendingDenial(ConfigurationLook look, String table, int keySize, Deferred deferred) {
      this.look = look;
      this.table = table;
      this.keySize = keySize;
      this.deferred = deferred;
    }

    @Override
    public int size() {
      return table.length() + keySize;
    }

    @Override
    public boolean abandoned() {
      return deferred.abandoned();
    }

    @Override
    public void looked() {
      if (rules.approval().approves(table)) {
        deferred.askAgain();
      } else {
        deny(table, look.trouble());
        deferred.complete(DENIED);
      }
    }
  }

  /** The reply to a request whose answer could not be had, or could not be put together. */
  public Reply failed(Request request, Throwable problem) {
    return switch (request) {
      case Request.Malformed _ -> BAD;
      case Request.OfTable ofTable -> {
        LOG.error(
            "{}: {} error: internal error: {}",
            ByteStrings.printable(ofTable.table()),
            request.kind().requestName(),
            problem.toString(),
            problem);
        yield unavailable(ofTable, FAILED, rules.smtputf8());
      }
    };
  }

  /**
   * Notes a denial.
   *
   * @param trouble why the configuration on disk is not loaded
   */
  private void deny(String table, Optional<String> trouble) {
    String printable = ByteStrings.printable(ByteStrings.beginning(table));
    List<String> lines = rules.approval().denial(printable, trouble);
    lines.forEach(LOG::warn);
    statistics.denials().denied(printable, lines.getFirst(), lines.getLast());
  }

  /** A change, by the service that changes nothing. */
  private void refuse(Request.OfTable request) {
    String table = ByteStrings.printable(ByteStrings.beginning(request.table()));
    String problem =
        "refusing %s %s request on non-%s service"
            .formatted(table, request.kind().requestName(), Service.PROXYWRITE.serviceName());
    LOG.warn("{}", problem);
    statistics.denials().denied(table, problem, "set proxywrite_service_name in main.cf");
  }

  static Reply unavailable(
      Request.OfTable request, TableState.Unavailable state, boolean smtputf8) {
    boolean utf8 = state.supported() && utf8(request, smtputf8);
    return switch (request) {
      case Request.Open open -> opened(open, utf8);
      case Request.Lookup lookup when utf8 && !Utf8.isValid(lookup.key()) ->
          new Reply(Status.NOKEY, lookup.flags());
      case Request.Lookup _, Request.Sequence _ -> new Reply(Status.RETRY, request.flags());
      case Request.Update _ -> new Reply(Status.RETRY, request.flags() | TableCall.UPDATE_FLAGS);
      case Request.Delete _ -> new Reply(Status.RETRY, request.flags() | TableCall.DELETE_FLAGS);
    };
  }

  /** What opening shows of a table that answers RETRY until it can be opened. */
  private static Reply opened(Request.Open open, boolean utf8) {
    int flags = open.flags() | TableFlags.PATTERN;
    if (utf8) {
      flags |= TableFlags.UTF8_ACTIVE;
    }
    if (open.dialect() == Dialect.NEW) {
      flags |= TableFlags.SURROGATE;
    }
    return new Reply(Status.OK, flags);
  }

  private @Nullable Reply answer(
      Request.OfTable request,
      Asker asker,
      OpenTable open,
      TableInstance instance,
      boolean smtputf8) {
    int tableFlags = instance.flags();
    boolean utf8 = utf8(request, smtputf8);
    if (request instanceof Request.Open) {
      int active = utf8 ? TableFlags.UTF8_ACTIVE : 0;
      return new Reply(Status.OK, request.flags() | tableFlags | active);
    }
    int flags =
        request.dialect().effectiveFlags(request.flags(), request.instanceFlags(), tableFlags);
    TableCall call = new TableCall(open, instance, request, flags, utf8, asker);
    Optional<Backend> backend = instance.backend();
    boolean changes = request instanceof Request.Update || request instanceof Request.Delete;
    if (open.isOffTheLoops() && !changes) {
      return hand(call, backend.orElseGet(open::workers), asker);
    }
    if (backend.isEmpty() && !changes) {
      return call.run();
    }
    Reply atOnce = call.runAtOnce();
    if (atOnce != null) {
      return atOnce;
    }
    return hand(call, backend.orElseGet(() -> OpenTable.changesOf(open.typeAndName())), asker);
  }

  /**
   * An old client's request says by itself whether it wants UTF-8, a new one's instance flags do.
   */
  private static boolean utf8(Request.OfTable request, boolean smtputf8) {
    int flags = request.dialect() == Dialect.NEW ? request.instanceFlags() : request.flags();
    return smtputf8 && (flags & TableFlags.UTF8_REQUEST) != 0;
  }

  private @Nullable Reply hand(TableCall call, Backend backend, Asker asker) {
    if (!call.instance().tryLease()) {
      return call.retry("the table is being closed");
    }
    int size = call.request().size();
    if (!large.add(size)) {
      call.instance().release();
      return call.retry(
          "the requests that wait for backends hold too many bytes (postern_client_memory_limit)");
    }
    long handed = System.nanoTime();
    Deferred deferred =
        new CountedReply(asker.defer(), call.open().statistics(), call.request().kind(), handed);
    Waiters waiters;
    // Not where tables are changed: who has changed one must not be told what was before.
    if (service == Service.PROXYMAP && call.request() instanceof Request.Lookup lookup) {
      SharedLookups.SharedLookup shared = sharedLookups.begin(call, lookup.key(), deferred);
      if (shared == null) {
        large.done(size);
        call.instance().release();
        return null;
      }
      waiters = shared;
    } else {
      waiters = new OneWaiter(deferred);
    }
    HandedCall handedCall = new HandedCall(call, backend, waiters, handed, size);
    String refusal = workers.submit(backend, asker, handedCall);
    if (refusal != null) {
      handedCall.release();
      waiters.complete(call.retry(refusal));
    }
    return null;
  }

  /** Who waits for one call. */
  interface Waiters {
    /** Whether nobody does any more. */
    boolean abandoned();

    /** Gives them the reply. The first one counts. */
    void complete(Reply reply);
  }

  /** One client alone. */
  private static final class OneWaiter implements Waiters {
    private final Deferred deferred;
    private final AtomicBoolean told = new AtomicBoolean();

    OneWaiter(Deferred deferred) {
      this.deferred = deferred;
    }

    @Override
    public boolean abandoned() {
      return deferred.abandoned();
    }

    @Override
    public void complete(Reply reply) {
      if (told.compareAndSet(false, true)) {
        deferred.complete(reply);
      }
    }
  }

  /**
   * A reply that is counted when it is given.
   *
   * @param since when its request was handed over, as of {@link System#nanoTime}
   */
  private record CountedReply(
      Deferred deferred, TableStatistics statistics, RequestKind kind, long since)
      implements Deferred {
    @Override
    public boolean abandoned() {
      return deferred.abandoned();
    }

    @Override
    public void complete(Reply reply) {
      if (!abandoned()) { // else tooLate has counted it
        statistics.answered(kind, reply.status(), System.nanoTime() - since);
      }
      deferred.complete(reply);
    }

    @Override
    public void askAgain() {
      deferred.askAgain();
    }
  }

  /** A call that is handed over, and is noted when it takes long. */
  private final class HandedCall implements Work {
    private final TableCall call;
    private final Backend backend;
    private final Waiters waiters;
    private final long handed;
    private final int size;
    private Reply reply = ABANDONED;

    HandedCall(TableCall call, Backend backend, Waiters waiters, long handed, int size) {
      this.call = call;
      this.backend = backend;
      this.waiters = waiters;
      this.handed = handed;
      this.size = size;
    }

    /** It holds nothing any more. */
    void release() {
      large.done(size);
      call.instance().release();
    }

    @Override
    public void call() {
      if (waiters.abandoned()) {
        return;
      }
      long begun = System.nanoTime();
      try {
        reply = call.run();
      } catch (RuntimeException | Error e) {
        reply = failed(call.request(), e);
      }
      slowRequests.ended(
          call.request().table(),
          call.request().kind(),
          backend.name(),
          begun - handed,
          System.nanoTime() - handed,
          rules.slow());
    }

    @Override
    public void end() {
      try {
        waiters.complete(reply);
      } finally {
        release();
      }
    }

    @Override
    public void givenUp() {
      waiters.complete(call.retry("the call does not come back"));
    }

    @Override
    public String name() {
      return nameOf(call);
    }

    @Override
    public boolean interruptible() {
      return !isChange();
    }

    @Override
    public boolean replaceable() {
      return !isChange() || backend.workers() > 1;
    }

    private boolean isChange() {
      return call.request() instanceof Request.Update || call.request() instanceof Request.Delete;
    }
  }

  /** For the log: {@code lookup in greeting:hello of plugin greeting}. */
  static String nameOf(TableCall call) {
    return call.request().kind().requestName() + " in " + call.open().nameAndPlugin();
  }
}
