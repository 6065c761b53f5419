package org.postern.operations.status;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One table of one service.
 *
 * @param service its name
 * @param table {@code type:name}, printable
 * @param servedFrom {@code type:name} of the table that answers for it, printable: where Postfix is
 *     told to do without Berkeley DB; empty when it answers itself
 * @param plugin the id of the plugin that serves it; empty when none does
 * @param approved whether clients may ask for it; else it is a part of a table for which they may
 * @param trouble why it would not answer a lookup now, as far as is known
 * @param opened when it was opened as it is
 * @param backend the name of what it waits for; empty when it never waits
 * @param requests those answered so far, by kind
 * @param lastError what went wrong last, though it may be over
 */
public record TableStatus(
    String service,
    String table,
    String type,
    Optional<String> servedFrom,
    Optional<String> plugin,
    boolean approved,
    State state,
    Optional<String> trouble,
    Optional<Instant> opened,
    Optional<String> backend,
    List<RequestStatus> requests,
    Optional<ErrorStatus> lastError) {

  /** Whether it is open. */
  public enum State {
    /** Nobody has asked for it yet. */
    NOT_ASKED,
    OPENING,
    OPEN,
    /** It cannot be opened; requests get RETRY until it can. */
    UNAVAILABLE
  }

  /**
   * What went wrong.
   *
   * @param reason as the log has it
   */
  public record ErrorStatus(Instant at, String reason) {}

  public TableStatus {
    requests = List.copyOf(requests);
  }

  /** Whether it would answer a lookup now, as far as is known. */
  public boolean isReady() {
    return state == State.OPEN && trouble.isEmpty();
  }
}
