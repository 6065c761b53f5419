package org.postern.spi;

/**
 * The table answers, but with something that the operator must mend first.
 *
 * @param reason for the log: what is wrong and where
 */
public record ConfigError(String reason) implements LookupResult, ChangeResult, SequenceResult {}
