package org.postern.host.statistics;

import java.util.Map;
import org.postern.host.protocol.RequestKind;
import org.postern.host.protocol.Status;

/**
 * The requests of one kind that a table has answered. Immutable.
 *
 * @param outcomes how many were answered with each status; those that never were are left out
 * @param durations how long those took that were answered (OK, NOKEY): those that waited for a
 *     backend with the wait; can be off by a few in number
 * @param failures how long those took that failed (RETRY, CONFIG); likewise
 */
public record RequestCounts(
    RequestKind kind, Map<Status, Long> outcomes, Durations durations, Durations failures) {
  public RequestCounts {
    outcomes = Map.copyOf(outcomes);
  }
}
