package org.postern.operations.check;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postern.host.approval.Approved;
import org.postern.host.approval.Service;
import org.postern.host.approval.TableApproval;
import org.postern.host.table.OpenTable;
import org.postern.host.table.OpenTables;
import org.postern.host.table.TableInstance;
import org.postern.host.table.TableState;
import org.postern.loader.DriverRegistry;
import org.postern.operations.check.CheckReport.CheckedTable;
import org.postern.operations.check.CheckReport.State;
import org.postern.operations.client.TableClient;
import org.postern.platform.log.ThreadPlace;
import org.postern.platform.text.ByteStrings;

/** Opens the approved tables of one service, and has each look whether it could answer. */
public final class ServiceCheck {
  /** How many tables are asked at once. */
  private static final int AT_ONCE = 8;

  /** So long tables may take to close. */
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final TableApproval approval;
  private final OpenTables tables;
  private final Duration patience;

  /**
   * @param tables those of a server, or of nobody else
   * @param patience for how long to wait for one table
   */
  public ServiceCheck(TableApproval approval, OpenTables tables, Duration patience) {
    this.approval = approval;
    this.tables = tables;
    this.patience = patience;
  }

  /** What is found. Waits for all tables, some at once. */
  public CheckReport report(String checkedBy) throws InterruptedException {
    DriverRegistry drivers = tables.drivers();
    return new CheckReport(
        List.of(),
        List.of(checkedBy),
        List.of(approval.service().serviceName()),
        approval.warnings(),
        checked(),
        ProxyAdvice.of(approval, drivers));
  }

  private List<CheckedTable> checked() throws InterruptedException {
    OpenTables apart = tables.apart();
    List<CheckedTable> checked = new ArrayList<>();
    Deque<Looking> all = new ArrayDeque<>();
    for (Approved approved : approval.tables()) {
      if (all.size() == AT_ONCE) {
        Looking first = all.remove();
        checked.add(checked(first.approved, await(first)));
      }
      all.add(new Looking(approved, () -> find(approved.typeAndName(), apart)));
    }
    for (Looking next : all) {
      checked.add(checked(next.approved, await(next)));
    }
    closeSoon(apart);
    return checked;
  }

  /** Closes tables that nobody uses any more. What does not come back from that is left behind. */
  public static void closeSoon(OpenTables tables) throws InterruptedException {
    Thread.ofPlatform().name("check-close").daemon().start(tables::close).join(CLOSING);
  }

  /** A table that is being looked at, on a thread of its own: it may hang in a plugin. */
  private static final class Looking {
    private final Approved approved;
    private final FutureTask<Found> found;
    private final Thread thread;
    private final long begun = System.nanoTime();

    Looking(Approved approved, Callable<Found> look) {
      this.approved = approved;
      this.found = new FutureTask<>(look);
      this.thread = Thread.ofPlatform().name("check").daemon().start(found);
    }

    Found get(Duration atMost) throws InterruptedException, ExecutionException, TimeoutException {
      long left = atMost.toNanos() - (System.nanoTime() - begun);
      return found.get(Math.max(0, left), TimeUnit.NANOSECONDS);
    }
  }

  private record Found(State state, List<String> problems, List<String> details) {
    static Found wrong(String problem) {
      return new Found(State.WRONG, List.of(problem), List.of());
    }
  }

  private Found await(Looking table) throws InterruptedException {
    try {
      return table.get(patience);
    } catch (TimeoutException e) {
      String place = ThreadPlace.of(table.thread);
      table.thread.interrupt();
      return Found.wrong(
          "no answer within %d seconds%s; it is at %s"
              .formatted(patience.toSeconds(), remedy(table.approved), place));
    } catch (ExecutionException e) {
      return Found.wrong("the check failed: " + e.getCause());
    }
  }

  private String remedy(Approved approved) {
    String table = approved.typeAndName();
    return tables
        .plugin(table.substring(0, table.indexOf(':')))
        .map(plugin ->
            ": look whether what it asks is slow; if not, ask who has made plugin " + plugin)
        .orElse("");
  }

  private CheckedTable checked(Approved approved, Found found) {
    String table = approved.typeAndName();
    return new CheckedTable(
        approval.service().serviceName(),
        ByteStrings.printable(table),
        tables.plugin(table.substring(0, table.indexOf(':'))).orElse("-"),
        found.state(),
        ByteStrings.printable(approved.place()),
        found.problems(),
        found.details());
  }

  private Found find(String table, OpenTables apart) throws InterruptedException {
    OpenTable open = open(table, apart);
    CountDownLatch settled = new CountDownLatch(1);
    if (open.whenSettled(settled::countDown)) {
      settled.await();
    }
    return switch (open.state()) {
      case TableState.Opening _ -> Found.wrong("it is being opened");
      case TableState.Unavailable(String reason, boolean _) -> unavailable(table, reason);
      case TableState.Ready(TableInstance instance) -> ready(open, instance);
    };
  }

  /** Not at once for writing: that makes a table whose file is missing. */
  private OpenTable open(String table, OpenTables apart) {
    if (approval.service() == Service.PROXYMAP) {
      return tables.get(table, TableClient.DEFAULT_FLAGS);
    }
    List<OpenTable> known = tables.named(table);
    if (!known.isEmpty()) {
      return known.getFirst();
    }
    OpenTable read = apart.get(table, TableClient.DEFAULT_FLAGS);
    return read.state() instanceof TableState.Ready(TableInstance instance)
            && instance.unavailableMembers().isEmpty()
        ? tables.get(table, TableClient.DEFAULT_FLAGS)
        : read;
  }

  private static Found ready(OpenTable open, TableInstance instance) {
    List<String> problems =
        new ArrayList<>(
            instance.unavailableMembers().stream()
                .map(member ->
                    "member "
                        + ByteStrings.printable(member.typeAndName())
                        + ": "
                        + member.why().reason())
                .toList());
    List<String> details = new ArrayList<>();
    open.servedFrom()
        .ifPresent(other -> details.add("served from " + ByteStrings.printable(other)));
    instance.describe(details, problems);
    return new Found(problems.isEmpty() ? State.OK : State.WRONG, problems, details);
  }

  private Found unavailable(String table, String reason) {
    if (approval.service() == Service.PROXYWRITE && isCacheToBeMade(table)) {
      return new Found(State.NOT_YET, List.of(), List.of("is made when it is first used"));
    }
    return Found.wrong(reason);
  }

  /** Whether there is no file of this table yet, and there can be one. */
  private static boolean isCacheToBeMade(String table) {
    try {
      Path file = Path.of(ByteStrings.decode(table.substring(table.indexOf(':') + 1)));
      Path directory = file.getParent();
      return file.isAbsolute()
          && directory != null
          && Files.isWritable(directory)
          && List.of("", ".db", ".lmdb").stream()
              .noneMatch(suffix -> Files.exists(Path.of(file + suffix)));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
