/**
 * cdb tables: constant databases as D. J. Bernstein defined them, {@code name.cdb}. postmap(1)
 * never changes one, it replaces it; so the file is mapped into memory and read without a lock.
 *
 * <p>{@link org.postern.driver.cdb.CdbDriver} opens, {@link org.postern.driver.cdb.CdbFile} knows
 * the format.
 */
@NullMarked
package org.postern.driver.cdb;

import org.jspecify.annotations.NullMarked;
