package org.postern.spi;

/** How a lookup ended. */
public sealed interface LookupResult permits Found, NotFound, Retry, ConfigError {}
