package org.postern.host.table;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postern.config.Configuration;
import org.postern.config.WatchedFiles;
import org.postern.host.statistics.TableStatistics;
import org.postern.platform.log.ThreadPlace;
import org.postern.platform.text.ByteStrings;
import org.postern.spi.Access;
import org.postern.spi.Backend;
import org.postern.spi.Table;
import org.postern.spi.TableDriver;
import org.postern.spi.TableUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One table of the cache, by its name and instance flags. Its state may be read by any thread; it
 * is opened by one opener thread at a time, and {@link SourceWatch} says when to do it again.
 */
public final class OpenTable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenTable.class);

  /** How deep tables may be made of tables that are made of tables. */
  static final int DEEPEST = 100;

  private final OpenTables tables;
  private final Access access;
  private final String typeAndName;
  private final String maptype;
  private final String name;
  private final int instanceFlags;
  private final TableStatistics statistics;
  private final TroubleLog trouble;

  /** The tables that have this one as a member. */
  private final Set<OpenTable> wholes = ConcurrentHashMap.newKeySet();

  private volatile TableState state = TableState.Opening.OPENING;

  /** Workers ask it, though it promises to answer from memory: it has not kept that. */
  private volatile boolean offTheLoops;

  private volatile Optional<Instant> opened = Optional.empty();

  /** The type that serves it: its own, but for a redirection. */
  private volatile String servingType;

  /** Guards what follows. */
  private final Object lock = new Object();

  private final List<Runnable> waiting = new ArrayList<>();
  private boolean opening = true;
  private @Nullable Thread opener;
  private long openingSince;
  private boolean isSlow;
  private boolean openAgain;
  private boolean closed;
  private WatchedFiles watched = new WatchedFiles();
  private @Nullable Opening last;
  private volatile Set<OpenTable> parts = Set.of();

  /** Those that the opening under way has asked for so far. */
  private final Set<OpenTable> partsToBe = ConcurrentHashMap.newKeySet();

  private final Backoff backoff = new Backoff();

  /**
   * @param statistics of all tables of this name
   */
  OpenTable(
      OpenTables tables,
      Access access,
      String typeAndName,
      int instanceFlags,
      TableStatistics statistics) {
    this.tables = tables;
    this.access = access;
    this.typeAndName = typeAndName;
    int colon = typeAndName.indexOf(':');
    this.maptype = typeAndName.substring(0, colon);
    this.servingType = maptype;
    this.name = typeAndName.substring(colon + 1);
    this.instanceFlags = instanceFlags;
    this.statistics = statistics;
    this.trouble = new TroubleLog(ByteStrings.printable(typeAndName), statistics);
  }

  /** {@code type:name}, a byte string. */
  public String typeAndName() {
    return typeAndName;
  }

  /** Its type: what stands before the first colon. */
  public String maptype() {
    return maptype;
  }

  String name() {
    return name;
  }

  Access access() {
    return access;
  }

  /**
   * The type whose driver serves the table: its own, unless Postfix is told to do without Berkeley
   * DB.
   */
  public String servingType() {
    return servingType;
  }

  /** {@code type:name} of what serves the table, a byte string; empty when it does so itself. */
  public Optional<String> servedFrom() {
    return servingType.equals(maptype) ? Optional.empty() : Optional.of(servingType + ":" + name);
  }

  /** For the log: {@code greeting:hello of plugin greeting}. */
  public String nameAndPlugin() {
    return ByteStrings.printable(typeAndName)
        + tables.plugin(maptype).map(plugin -> " of plugin " + plugin).orElse("");
  }

  int instanceFlags() {
    return instanceFlags;
  }

  public TableState state() {
    return state;
  }

  /** Has it asked by workers from now on, whatever it promises. */
  public void takeOffTheLoops() {
    offTheLoops = true;
  }

  /** Whether an event loop must not ask it. */
  public boolean isOffTheLoops() {
    return offTheLoops;
  }

  /** When it was opened as it is now; empty when it never was. */
  public Optional<Instant> opened() {
    return opened;
  }

  /** What it has been asked, and other instances of the same name with it. */
  public TableStatistics statistics() {
    return statistics;
  }

  /** Where failures of requests are logged, once for each change. */
  public TroubleLog trouble() {
    return trouble;
  }

  /**
   * Has something done when the table is open or known to be unavailable.
   *
   * @return false when it is so already, and nothing will be done
   */
  public boolean whenSettled(Runnable action) {
    synchronized (lock) {
      if (state != TableState.Opening.OPENING) {
        return false;
      }
      waiting.add(action);
      return true;
    }
  }

  /** The files that the table was last read from, and what they were then: a line for each. */
  public List<String> files() {
    synchronized (lock) {
      return watched.shown();
    }
  }

  /** Waits until the table is open or known to be unavailable. */
  public void awaitSettled() {
    synchronized (lock) {
      boolean interrupted = false;
      while (state == TableState.Opening.OPENING) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Opens the table and tells those who wait. Runs on an opener thread, for one opening at a time.
   */
  void open() {
    boolean again;
    do {
      synchronized (lock) {
        opener = Thread.currentThread();
        openingSince = System.nanoTime();
        isSlow = false;
      }
      Opening attempt = new Opening(this, tables, tables.configuration());
      again = settle(attempt, tryOpen(attempt));
    } while (again);
  }

  private TableState tryOpen(Opening attempt) {
    try {
      String type = attempt.redirect();
      Optional<TableDriver> driver = tables.drivers().driver(type);
      if (driver.isEmpty()) {
        return new TableState.Unavailable(tables.unsupported(type, name), false);
      }
      if (name.isEmpty()) {
        return notTypeAndName(typeAndName);
      }
      Table table = driver.get().open(attempt);
      return new TableState.Ready(
          new TableInstance(table, attempt.members(), workers(), tables::closeLater));
    } catch (TableUnavailableException e) {
      TableInstance.release(attempt.members());
      return new TableState.Unavailable(e.getMessage() + attempt.remedy(), true);
    } catch (RuntimeException | Error e) {
      LOG.debug("{}", typeAndName, e);
      TableInstance.release(attempt.members());
      return new TableState.Unavailable(nameAndPlugin() + " cannot be opened: " + e, true);
    } finally {
      attempt.end();
    }
  }

  /**
   * The table as one that is made of it sees it, once it is open or known to be unavailable; with a
   * lease on what is open.
   *
   * @param utf8 whether UTF-8 is active
   */
  Member member(boolean utf8) {
    awaitSettled();
    while (true) {
      TableState now = state;
      if (now instanceof TableState.Unavailable unavailable) {
        return new UnavailableMember(typeAndName, unavailable, unavailable.supported() && utf8);
      }
      TableInstance instance = ((TableState.Ready) now).instance();
      // A failed lease means that a newer instance has just taken this one's place.
      if (instance.tryLease()) {
        return new ReadyMember(typeAndName, instance, access, utf8);
      }
    }
  }

  static TableState.Unavailable notTypeAndName(String typeAndName) {
    return new TableState.Unavailable(
        "open dictionary: expecting \"type:name\" form instead of \"" + typeAndName + "\"", true);
  }

  /**
   * Has the opening end before anybody is told of it: who has an answer may end the host at once.
   *
   * @return whether it is to be opened again
   */
  private boolean settle(Opening attempt, TableState opened) {
    TableState before;
    List<Runnable> told;
    boolean again;
    synchronized (lock) {
      before = state;
      watched = attempt.watched();
      last = attempt;
      boolean failed = opened instanceof TableState.Unavailable;
      if (failed) {
        backoff.failed(System.nanoTime());
      } else {
        backoff.succeeded();
        this.opened = Optional.of(Instant.now());
      }
      log(before, opened); // what is seen of it has been logged
      Set<OpenTable> now = new HashSet<>(attempt.parts());
      if (failed && before instanceof TableState.Ready) {
        now.addAll(parts);
      } else {
        state = opened;
        servingType = attempt.maptype();
      }
      parts.stream().filter(part -> !now.contains(part)).forEach(part -> part.wholes.remove(this));
      parts = now;
      partsToBe.clear();
      told = List.copyOf(waiting);
      waiting.clear();
      again = again();
      lock.notifyAll();
    }
    if (before instanceof TableState.Ready(TableInstance old)
        && opened instanceof TableState.Ready) {
      tables.retire(old);
    }
    told.forEach(Runnable::run);
    if (before != TableState.Opening.OPENING && !state.equals(before)) {
      wholes.forEach(OpenTable::reopen);
    }
    return again;
  }

  /**
   * Notes that another table has this one as a member, which is opened anew whenever this one is.
   *
   * @return why that cannot be, if so
   */
  Optional<String> becomePartOf(OpenTable whole) {
    // First this, in both directions, then the look around: of several tables that become parts at
    // once and make a circle, or too deep a nest, the last one sees it.
    boolean isNew = wholes.add(whole);
    whole.partsToBe.add(this);
    List<Set<OpenTable>> above = levels(whole, table -> table.wholes);
    List<Set<OpenTable>> below = levels(this, OpenTable::allParts);
    String problem = null;
    if (above.stream().anyMatch(level -> level.contains(this))) {
      problem = "it has itself as a member";
    } else if (above.size() + below.size() - 1 > DEEPEST) {
      problem = "tables are nested more than " + DEEPEST + " deep";
    }
    if (problem != null && isNew) {
      wholes.remove(whole);
      whole.partsToBe.remove(this);
    }
    return Optional.ofNullable(problem);
  }

  private Set<OpenTable> allParts() {
    Set<OpenTable> all = new HashSet<>(parts);
    all.addAll(partsToBe);
    return all;
  }

  /** A table, what it leads to, what that leads to, and so on: each table once. */
  private static List<Set<OpenTable>> levels(
      OpenTable first, Function<OpenTable, Set<OpenTable>> next) {
    List<Set<OpenTable>> levels = new ArrayList<>();
    Set<OpenTable> around = new HashSet<>();
    Set<OpenTable> level = Set.of(first);
    while (!level.isEmpty()) {
      levels.add(level);
      around.addAll(level);
      level =
          level.stream()
              .flatMap(table -> next.apply(table).stream())
              .filter(table -> !around.contains(table))
              .collect(Collectors.toSet());
    }
    return levels;
  }

  /** Whether another table has this one as a member. */
  public boolean isPart() {
    return !wholes.isEmpty();
  }

  /** What changes of a table without a backend wait for: each other. */
  public static Backend changesOf(String typeAndName) {
    return new Backend("update " + typeAndName, 1);
  }

  /** Who calls a table that says nothing of that. */
  public Backend workers() {
    return new Backend(
        ByteStrings.printable(typeAndName), tables.configuration().integer("postern_pool_size"));
  }

  private void log(TableState before, TableState now) {
    String table = ByteStrings.printable(typeAndName);
    if (now instanceof TableState.Unavailable(String reason, boolean _)) {
      statistics.failed(reason);
      if (now.equals(before)) {
        return;
      }
      if (before instanceof TableState.Ready) {
        LOG.warn(
            "{} has changed, but cannot be opened anew: {}; the table as it was stays in use",
            table,
            reason);
      } else {
        LOG.error("{}", reason);
        LOG.warn("{} is unavailable. {}", table, reason);
      }
    } else if (before instanceof TableState.Opening) {
      LOG.debug("{} is open", table);
    } else if (before instanceof TableState.Ready) {
      LOG.info("table {} has changed -- opened anew", table);
    } else {
      LOG.info("{} is available", table);
    }
  }

  private boolean again() {
    opening = (openAgain || wasOpenedOtherwise(tables.configuration())) && !closed;
    openAgain = false;
    if (closed) {
      closeNow();
    }
    return opening;
  }

  /** Opens the table beside the one in use, now or when the opening under way has ended. */
  void reopen() {
    synchronized (lock) {
      if (opening) {
        openAgain = true;
        return;
      }
      if (closed) {
        return;
      }
      opening = true;
      opener = null;
    }
    tables.submit(this);
  }

  /** Opens the table anew if parameters that its driver has asked for have other values now. */
  void reconfigure(Configuration changed) {
    synchronized (lock) {
      // Who opens it now looks by himself when he has.
      if (opening || !wasOpenedOtherwise(changed)) {
        return;
      }
    }
    reopen();
  }

  private boolean wasOpenedOtherwise(Configuration now) {
    return last != null && last.differsIn(now);
  }

  /** Opens the table anew if its source has changed or if it is time to try again. */
  void check(long now) {
    WatchedFiles files;
    boolean due;
    synchronized (lock) {
      if (opening) {
        checkOpening(now);
        return;
      }
      if (closed) {
        return;
      }
      files = watched;
      due = backoff.due(now);
    }
    if (due || files.changed()) {
      reopen();
    }
  }

  /**
   * Has requests answered RETRY, which wait for an opening that takes longer than a lookup may. It
   * goes on: of a large file it may only be slow.
   */
  private void checkOpening(long now) {
    long limit = tables.configuration().time("postern_lookup_timeout").toNanos();
    Thread at = opener;
    if (at == null || isSlow || now - openingSince < limit) {
      return;
    }
    isSlow = true;
    String reason =
        nameAndPlugin()
            + " is still being opened after "
            + Duration.ofNanos(now - openingSince).toSeconds()
            + " s; if it is not a large file, ask who has made the plugin; it is at "
            + ThreadPlace.of(at);
    if (state != TableState.Opening.OPENING) {
      LOG.warn("{}; the table as it was stays in use", reason);
      return;
    }
    TableState.Unavailable slow = new TableState.Unavailable(reason, true);
    log(TableState.Opening.OPENING, slow);
    state = slow;
    List<Runnable> told = List.copyOf(waiting);
    waiting.clear();
    lock.notifyAll();
    told.forEach(Runnable::run);
  }

  /** Never opens again, and gives up what is open when its last use has ended. */
  void close() {
    synchronized (lock) {
      closed = true;
      if (!opening) {
        closeNow();
      }
    }
  }

  private void closeNow() {
    parts.forEach(part -> part.wholes.remove(this));
    parts = Set.of();
    if (state instanceof TableState.Ready(TableInstance instance)) {
      tables.retire(instance);
    }
    state = new TableState.Unavailable("closed", true);
  }
}
