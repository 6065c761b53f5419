/**
 * What drivers of tables in files share: {@link org.postern.driver.file.IndexedFile}, for types
 * whose files postmap(1) makes from a source ({@code name.db} beside {@code name}), {@link
 * org.postern.driver.file.TryBits} and {@link org.postern.driver.file.Keys} for the two forms of
 * keys in them, {@link org.postern.driver.file.Duplicates} for what is said of a key that comes
 * twice, {@link org.postern.driver.file.ChangeGroups} for changes that go to disk together, and
 * {@link org.postern.driver.file.Replacement} for a file that is to take the place of another.
 */
@NullMarked
package org.postern.driver.file;

import org.jspecify.annotations.NullMarked;
