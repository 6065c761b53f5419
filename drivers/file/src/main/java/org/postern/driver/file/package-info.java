/**
 * What drivers of tables in files share: {@link org.postern.driver.file.IndexedFile}, for types
 * whose files postmap(1) makes from a source ({@code name.db} beside {@code name}), {@link
 * org.postern.driver.file.TryBits} for the two forms of keys in them, and the words for what the
 * system says of a file.
 */
@NullMarked
package org.postern.driver.file;

import org.jspecify.annotations.NullMarked;
