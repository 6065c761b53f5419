package org.postern.config;

/**
 * One {@code name = value}, the value not yet expanded.
 *
 * @param name byte string, never empty
 * @param value byte string, without white space at its ends
 */
public record Setting(String name, String value, Origin origin) {}
