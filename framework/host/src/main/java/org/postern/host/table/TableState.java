package org.postern.host.table;

/** What a request for a table can expect. */
public sealed interface TableState {

  /** It is being opened for the first time; requests wait for that. */
  enum Opening implements TableState {
    OPENING
  }

  /** It answers. */
  record Ready(TableInstance instance) implements TableState {}

  /**
   * It cannot be opened; requests get RETRY until it can.
   *
   * @param reason for the log
   * @param supported false when no driver serves its type
   */
  record Unavailable(String reason, boolean supported) implements TableState {}
}
