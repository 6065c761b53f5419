/**
 * hash and btree held against the contract, against files that Berkeley DB's own tools made, and
 * against postmap(1).
 *
 * <p>{@link org.postern.driver.berkeleydb.Sample} is a file in the test resources with what
 * db_dump(1) says is in it; {@code make-samples.sh} beside them made both. Each is read in both
 * {@link org.postern.driver.berkeleydb.Mode}s: from memory and from disk.
 */
@NullMarked
package org.postern.driver.berkeleydb;

import org.jspecify.annotations.NullMarked;
