package org.postern.host.service;

import java.util.List;
import java.util.Optional;

/**
 * How a key was looked up, and what came of it. Texts are printable, but for the key and the value,
 * and hold no password.
 *
 * @param service {@code proxymap} or {@code proxywrite}
 * @param table {@code type:name}
 * @param key as it was given
 * @param approvedBy the parameter that approves the table, and where it is set; empty when none
 *     does
 * @param plugin the id of the plugin that serves the type; empty when none does
 * @param backend what the table waits for, if it waits at all
 * @param steps in their order, as far as it came
 */
public record Explained(
    String service,
    String table,
    String key,
    Optional<String> approvedBy,
    Optional<String> plugin,
    Optional<String> backend,
    List<Step> steps,
    Result result) {

  /** What is done, one after the other. */
  public enum Kind {
    /** Whether clients may ask for the table. */
    APPROVAL,
    /** The table is opened, unless it is open. */
    OPENING,
    /** The wait for a worker of the backend. */
    TURN,
    /** The table itself. */
    LOOKUP
  }

  /**
   * One step.
   *
   * @param outcome in short
   * @param seconds how long it took
   * @param told more of it, line by line
   */
  public record Step(Kind step, String outcome, double seconds, List<String> told) {}

  /**
   * What a client is told.
   *
   * @param status of the reply: {@code OK}, {@code NOKEY}, {@code RETRY}, ...
   * @param number the same as it is sent
   * @param flags of the reply, by their names
   * @param value if one was found
   * @param reason why there is no answer, if there is none
   */
  public record Result(
      String status,
      int number,
      List<String> flags,
      Optional<String> value,
      Optional<String> reason) {}
}
