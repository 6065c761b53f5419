package org.postern.host.table;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.host.protocol.RequestKind;
import org.postern.host.statistics.TableStatistics;
import org.postern.platform.log.LogMarkers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what goes wrong with a table's requests once for each change, not once for each request:
 * when trouble begins, when it becomes another, and when it is over. Kept apart by kind of request,
 * since a table that cannot be walked still answers lookups.
 */
public final class TroubleLog {
  private static final Logger LOG = LoggerFactory.getLogger(TroubleLog.class);

  private final String table;
  private final TableStatistics statistics;
  private final ConcurrentHashMap<RequestKind, String> reasons = new ConcurrentHashMap<>();

  TroubleLog(String table, TableStatistics statistics) {
    this.table = table;
    this.statistics = statistics;
  }

  /** The table did not answer. */
  public void failed(RequestKind kind, String reason) {
    statistics.failed(reason);
    if (!reason.equals(reasons.put(kind, reason))) {
      LOG.warn("{}: {} error: {}", table, kind.requestName(), reason);
    }
  }

  /** Why the last request of this kind got no answer, if so. */
  public Optional<String> now(RequestKind kind) {
    return Optional.ofNullable(reasons.get(kind));
  }

  /** The table answered. */
  public void answered(RequestKind kind) {
    if (!reasons.isEmpty() && reasons.remove(kind) != null) {
      LOG.info(LogMarkers.REPEATED, "{}: {} works again", table, kind.requestName());
    }
  }
}
