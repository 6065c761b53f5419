package org.postern.operations.status;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.postern.host.protocol.RequestKind;
import org.postern.host.protocol.Status;
import org.postern.host.statistics.Durations;
import org.postern.host.statistics.RequestCounts;

/**
 * Requests of one kind that a table has answered.
 *
 * @param outcomes how many with each status
 * @param durations how long those took that were answered (OK, NOKEY); of those answered at once
 *     some are timed for all, so that their number can be off by a few
 * @param p50 within how many seconds half of those were done, since the start
 * @param p99 within how many 99 of a hundred
 * @param failures how long those took that failed (RETRY, CONFIG); absent if none did
 */
public record RequestStatus(
    RequestKind kind,
    Map<Status, Long> outcomes,
    Durations durations,
    Optional<Double> p50,
    Optional<Double> p99,
    Optional<Durations> failures) {

  public RequestStatus {
    outcomes = Map.copyOf(outcomes);
  }

  public static RequestStatus of(RequestCounts counts) {
    return new RequestStatus(
        counts.kind(),
        counts.outcomes(),
        counts.durations(),
        optional(counts.durations().quantile(0.5)),
        optional(counts.durations().quantile(0.99)),
        Optional.of(counts.failures()).filter(failures -> failures.count() > 0));
  }

  private static Optional<Double> optional(OptionalDouble value) {
    return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
  }
}
