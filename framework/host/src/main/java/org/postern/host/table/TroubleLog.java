package org.postern.host.table;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.postern.host.protocol.RequestKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what goes wrong with a table's requests once for each change, not once for each request: when
 * trouble begins, when it becomes another, and when it is over. Kept apart by kind of request, since
 * a table that cannot be walked still answers lookups.
 */
public final class TroubleLog {
  private static final Logger LOG = LoggerFactory.getLogger(TroubleLog.class);

  private final String table;
  private final AtomicReferenceArray<@Nullable String> last =
      new AtomicReferenceArray<>(RequestKind.values().length);

  TroubleLog(String table) {
    this.table = table;
  }

  /** The table did not answer. */
  public void failed(RequestKind kind, String reason) {
    if (!reason.equals(last.getAndSet(kind.ordinal(), reason))) {
      LOG.warn("{}: {} error: {}", table, kind.requestName(), reason);
    }
  }

  /** The table answered. */
  public void answered(RequestKind kind) {
    if (last.getPlain(kind.ordinal()) != null && last.getAndSet(kind.ordinal(), null) != null) {
      LOG.info("{}: {} works again", table, kind.requestName());
    }
  }
}
