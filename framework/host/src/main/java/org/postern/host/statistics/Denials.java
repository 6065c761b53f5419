package org.postern.host.statistics;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The requests that one service has refused, by what they were for and why. The names come from
 * clients, so that only the first are counted each for itself. Any thread may call.
 */
public final class Denials {
  /** So many are told apart. */
  public static final int MOST = 200;

  /** So long a name is kept. */
  public static final int LONGEST = 400;

  /** Stands for all tables that are not told apart. */
  public static final String OTHER = "other";

  /**
   * Some refused requests.
   *
   * @param table printable; {@link #OTHER} for those that are not told apart
   * @param problem the line of the log that says so
   * @param remedy the line of the log that says what to write
   * @param last when the last one was refused
   */
  public record Denial(String table, String problem, String remedy, long count, Instant last) {
    private Denial again(Instant now) {
      return new Denial(table, problem, remedy, count + 1, now);
    }
  }

  private final Map<String, Denial> denials = new LinkedHashMap<>();

  /**
   * Counts a request.
   *
   * @param table printable
   */
  public synchronized void denied(String table, String problem, String remedy) {
    Instant now = Instant.now();
    boolean fits = table.length() <= LONGEST;
    if (fits && (denials.containsKey(problem) || denials.size() < MOST)) {
      denials.compute(
          problem,
          (_, before) ->
              before == null ? new Denial(table, problem, remedy, 1, now) : before.again(now));
    } else {
      denials.compute(
          OTHER,
          (_, before) ->
              before == null
                  ? new Denial(OTHER, "requests for other tables", "see the log", 1, now)
                  : before.again(now));
    }
  }

  /** Those so far, the latest first. */
  public synchronized List<Denial> all() {
    List<Denial> all = new ArrayList<>(denials.values());
    all.sort(Comparator.comparing(Denial::last).reversed());
    return all;
  }
}
