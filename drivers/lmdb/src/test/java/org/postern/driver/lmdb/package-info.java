/**
 * lmdb held against the contract, against files that Postfix made, and against postmap(1) at work.
 */
@NullMarked
package org.postern.driver.lmdb;

import org.jspecify.annotations.NullMarked;
