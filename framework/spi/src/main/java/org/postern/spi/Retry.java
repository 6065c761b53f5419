package org.postern.spi;

import java.util.Objects;

/**
 * The table cannot answer now, but may later: Postfix defers the mail.
 *
 * @param reason for the log: what went wrong, in words that help an operator; never a password
 */
public record Retry(String reason) implements LookupResult, ChangeResult, SequenceResult {
  static final Retry UPDATE_UNSUPPORTED = new Retry("this table type cannot be updated");
  static final Retry DELETE_UNSUPPORTED = new Retry("this table type cannot delete");
  static final Retry SEQUENCE_UNSUPPORTED = new Retry("this table type cannot be walked");

  public Retry {
    Objects.requireNonNull(reason, "Retry without a reason");
  }
}
