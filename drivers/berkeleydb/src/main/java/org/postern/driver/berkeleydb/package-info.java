/**
 * The hash and btree tables of Postfix: Berkeley DB files, read and written without libdb.
 *
 * <p>{@link org.postern.driver.berkeleydb.BerkeleyDbDriver} opens them as {@link
 * org.postern.driver.berkeleydb.BerkeleyDbTable}s. What is known about the format stands in three
 * places: {@link org.postern.driver.berkeleydb.Page} has what all pages share, {@link
 * org.postern.driver.berkeleydb.HashFile} and {@link org.postern.driver.berkeleydb.BtreeFile} how
 * keys are found in them. Pages come from {@link org.postern.driver.berkeleydb.Pages}: a copy of
 * the whole file in memory, or, for a file that is too large for that, the file itself.
 *
 * <p>A file is read under the shared flock(2) that Postfix's own readers take: postmap(1) holds the
 * exclusive one while it rewrites a file in place.
 *
 * <p>A file is changed in {@link org.postern.driver.berkeleydb.Transaction}s, under the exclusive
 * lock: {@link org.postern.driver.berkeleydb.HashChanges} and {@link
 * org.postern.driver.berkeleydb.BtreeChanges} change pages in memory, and {@link
 * org.postern.driver.berkeleydb.Journal} has all of them on disk, or none.
 *
 * <p>No byte of a file is trusted. What does not fit becomes a {@link
 * org.postern.driver.berkeleydb.CorruptFileException} that names the page, chains of pages are
 * bounded by the size of the file, and lengths are checked before anything is allocated for them.
 */
@NullMarked
package org.postern.driver.berkeleydb;

import org.jspecify.annotations.NullMarked;
