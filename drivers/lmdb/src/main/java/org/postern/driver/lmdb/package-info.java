/**
 * lmdb tables: B+ trees, {@code name.lmdb}, as postmap(1) and Postfix's daemons make and change
 * them: lmdb_table(5), LMDB_README.
 *
 * <p>{@link org.postern.driver.lmdb.LmdbDriver} opens. Lookups and walks are done in Java, in a
 * {@link org.postern.driver.lmdb.DataFile}: {@link org.postern.driver.lmdb.Meta} says where the
 * {@link org.postern.driver.lmdb.Tree} is, {@link org.postern.driver.lmdb.Page} what is on a page;
 * whatever is in a file, they end with a result or a {@link
 * org.postern.driver.lmdb.CorruptFileException}. So do changes: a {@link
 * org.postern.driver.lmdb.Transaction} changes copies of pages and takes the places for them from
 * {@link org.postern.driver.lmdb.FreePages}; {@link org.postern.driver.lmdb.Writer} begins none in
 * a file that {@link org.postern.driver.lmdb.FileCheck} finds anything wrong with.
 *
 * <p>Numbers in a file have the machine's byte order and 64 bits, as LMDB has it.
 */
@NullMarked
package org.postern.driver.lmdb;

import org.jspecify.annotations.NullMarked;
