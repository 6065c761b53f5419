package org.postern.spi;

/** How an update or a delete ended. */
public sealed interface ChangeResult permits Changed, NotFound, Retry, ConfigError {}
