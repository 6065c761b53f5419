package org.postern.host.table;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.postern.platform.text.ByteStrings;
import org.postern.platform.text.TextRules;
import org.postern.spi.Backend;
import org.postern.spi.BackendServer;
import org.postern.spi.Sequence;
import org.postern.spi.Table;
import org.postern.spi.TableFlags;
import org.postern.spi.TableUnavailableException;

/**
 * A table as a driver opened it. The entry that holds it has one lease on it; whoever uses it on
 * another thread than an event loop, or beyond one request, takes another. The last one closes it.
 */
public final class TableInstance {
  private final Table table;
  private final int flags;
  private final Optional<Backend> backend;
  private final List<Member> members;
  private final TextRules textRules;
  private final Executor closing;
  private final AtomicInteger leases = new AtomicInteger(1);

  /**
   * @param members what the table is made of, with a lease on each: given back when this is closed
   * @param own the workers of a table that names no backend, and does not promise to answer from
   *     memory
   * @param closing has something closed on a thread that may wait
   */
  TableInstance(Table table, List<Member> members, Backend own, Executor closing) {
    this.closing = closing;
    this.table = table;
    this.members = List.copyOf(members);
    this.flags = table.flags();
    this.backend =
        table.answersFromMemory() ? table.backend() : table.backend().or(() -> Optional.of(own));
    this.textRules = textRules(flags, !members.isEmpty());
  }

  private static TextRules textRules(int flags, boolean hasMembers) {
    if (!hasMembers) {
      return TextRules.ALL;
    }
    return (flags & TableFlags.UTF8_ACTIVE) != 0 ? TextRules.NONE : TextRules.OF_UTF8;
  }

  static void release(List<Member> members) {
    for (Member member : members) {
      switch (member) {
        case ReadyMember ready -> ready.instance().release();
        case UnavailableMember _ -> {}
      }
    }
  }

  /** The table's own flags. */
  public int flags() {
    return flags;
  }

  /** Who calls the table; empty when the event loop does, as the table has promised that it can. */
  public Optional<Backend> backend() {
    return backend;
  }

  /** What is done about text before the table is asked, and with what it answers. */
  public TextRules textRules() {
    return textRules;
  }

  /** Those members, and members of members, that cannot be opened. */
  public List<UnavailableMember> unavailableMembers() {
    return members.stream()
        .flatMap(member ->
            switch (member) {
              case ReadyMember ready -> ready.instance().unavailableMembers().stream();
              case UnavailableMember unavailable -> Stream.of(unavailable);
            })
        .distinct()
        .toList();
  }

  /** The servers that it asks, its members' among them. Any thread may call; none if closed. */
  public List<BackendServer> servers() {
    if (!tryLease()) {
      return List.of();
    }
    try {
      return Stream.concat(
              table.servers().stream(), members.stream().flatMap(TableInstance::servers))
          .distinct()
          .toList();
    } finally {
      release();
    }
  }

  /**
   * Has it, and each of its members, look whether it could answer, and say what it is connected to
   * and what it will ask. May wait as long as some lookups. Any thread may call; says nothing if
   * closed.
   */
  public void describe(List<String> details, List<String> problems) {
    describe("", details, problems);
  }

  private void describe(String prefix, List<String> details, List<String> problems) {
    if (!tryLease()) {
      return;
    }
    try {
      table.describe().forEach(line -> details.add(prefix + line));
    } catch (TableUnavailableException e) {
      problems.add(prefix + e.getMessage());
    } finally {
      release();
    }
    for (Member member : members) {
      if (member instanceof ReadyMember ready) {
        String name = "member " + ByteStrings.printable(ready.typeAndName()) + ": ";
        ready.instance().describe(prefix + name, details, problems);
      }
    }
  }

  private static Stream<BackendServer> servers(Member member) {
    return switch (member) {
      case ReadyMember ready -> ready.instance().servers().stream();
      case UnavailableMember _ -> Stream.of();
    };
  }

  /** To be called by who holds a lease, or by an event loop before it lets the loop go on. */
  public Table table() {
    return table;
  }

  /** Takes a lease, unless the table is closed already. */
  public boolean tryLease() {
    for (int held = leases.get(); held > 0; held = leases.get()) {
      if (leases.compareAndSet(held, held + 1)) {
        return true;
      }
    }
    return false;
  }

  /** Gives a lease back. */
  public void release() {
    if (leases.decrementAndGet() == 0) {
      closing.execute(() -> {
        try {
          table.close();
        } finally {
          release(members);
        }
      });
    }
  }

  /** Ends a walk and gives its lease back: on a thread that may wait, if the table does. */
  public void end(Sequence walk) {
    if (backend.isEmpty()) {
      endNow(walk);
    } else {
      closing.execute(() -> endNow(walk));
    }
  }

  private void endNow(Sequence walk) {
    try {
      walk.close();
    } finally {
      release();
    }
  }
}
