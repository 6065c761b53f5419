/**
 * regexp, pcre and cidr held against the contract, against the plain loop over all rules, and
 * against postmap(1).
 */
@NullMarked
package org.postern.driver.pattern;

import org.jspecify.annotations.NullMarked;
