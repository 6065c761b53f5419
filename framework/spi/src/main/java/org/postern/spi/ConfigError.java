package org.postern.spi;

import java.util.Objects;

/**
 * The table answers, but with something that the operator must mend first.
 *
 * @param reason for the log: what is wrong and where
 * @param clearedFlags as those of {@link Found}, when something was found
 */
public record ConfigError(String reason, int clearedFlags)
    implements LookupResult, ChangeResult, SequenceResult {

  public ConfigError {
    Objects.requireNonNull(reason, "ConfigError without a reason");
  }

  public ConfigError(String reason) {
    this(reason, 0);
  }
}
