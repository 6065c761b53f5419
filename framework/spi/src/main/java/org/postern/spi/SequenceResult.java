package org.postern.spi;

/** What a step of a walk came upon. */
public sealed interface SequenceResult permits Entry, NotFound, Retry, ConfigError {}
