package org.postern.driver.sql;

/**
 * How a system writes SQL, as far as it matters where a {@code %} stands.
 *
 * @param doubleQuotes whether {@code "…"} may be a string literal
 * @param backticks whether {@code `…`} is an identifier
 * @param hashComments whether {@code #} begins a comment
 * @param dollarQuotes whether {@code $$…$$} is a literal
 * @param escapePrefix whether {@code E'…'} is a literal with backslash escapes
 */
public record SqlSyntax(
    boolean doubleQuotes,
    boolean backticks,
    boolean hashComments,
    boolean dollarQuotes,
    boolean escapePrefix) {}
