/**
 * Tables whose keys are patterns, in rule files: regexp_table(5), pcre_table(5), cidr_table(5).
 *
 * <p>{@link org.postern.driver.pattern.RuleParser} reads the rules of regexp and pcre, {@link
 * org.postern.driver.pattern.RuleSet} tries them in order, {@link
 * org.postern.driver.pattern.LiteralIndex} saves it from trying those that cannot match. {@link
 * org.postern.driver.pattern.CidrRules} does both for networks.
 */
@NullMarked
package org.postern.driver.pattern;

import org.jspecify.annotations.NullMarked;
