package org.postern.tablekit;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postern.tablekit.HostState.Condition;
import org.postern.tablekit.HostState.Trouble;

/**
 * Which of a table's servers a lookup asks: mysql_table(5). Those over UNIX sockets come before
 * others; among equals one is taken at random, so that load spreads; failed ones are left out.
 *
 * @param <H> a server with its connections
 */
public final class HostChoice<H extends HostChoice.Host> {
  private final List<H> local;
  private final List<H> remote;

  /** A server that may be chosen. */
  public interface Host {
    HostState state();

    /** Whether it is reached over a UNIX socket. */
    boolean isLocal();
  }

  public HostChoice(List<H> hosts) {
    this.local = hosts.stream().filter(Host::isLocal).toList();
    this.remote = hosts.stream().filter(host -> !host.isLocal()).toList();
  }

  /**
   * A server to ask.
   *
   * @param tried one that has just failed this lookup; not chosen while there is another
   * @return null when none can be asked now
   */
  public @Nullable H next(@Nullable H tried) {
    H found = pick(Condition.UP, tried);
    if (found == null) {
      found = pick(Condition.RECOVERED, tried);
    }
    if (found == null && tried != null && tried.state().condition() != Condition.FAILED) {
      found = tried;
    }
    return found;
  }

  private @Nullable H pick(Condition condition, @Nullable H tried) {
    H found = pick(local, condition, tried);
    return found != null ? found : pick(remote, condition, tried);
  }

  private @Nullable H pick(List<H> hosts, Condition condition, @Nullable H tried) {
    int count = hosts.size();
    int start = count > 1 ? ThreadLocalRandom.current().nextInt(count) : 0;
    for (int i = 0; i < count; i++) {
      H host = hosts.get((start + i) % count);
      if (!host.equals(tried) && host.state().condition() == condition) {
        return host;
      }
    }
    return null;
  }

  /** Why none can be asked, for the log. */
  public String troubles() {
    return Stream.concat(local.stream(), remote.stream())
        .map(host -> host.state().trouble())
        .filter(Objects::nonNull)
        .map(Trouble::reason)
        .distinct()
        .collect(Collectors.joining("; "));
  }
}
