package org.postern.driver.pattern;

import org.postern.driver.pattern.libc.CompiledPattern;

/**
 * A pattern and whether it has to match or must not.
 *
 * @param requiredLiteral text that every match holds, in lower case; empty when none is known
 */
record Condition(CompiledPattern pattern, boolean positive, String requiredLiteral) {}
