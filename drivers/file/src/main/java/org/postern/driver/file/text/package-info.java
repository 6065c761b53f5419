/**
 * What drivers of tables in text files share: the files themselves ({@link
 * org.postern.driver.file.text.SourceFile}, {@link org.postern.driver.file.text.SettledFile}),
 * their logical lines, and text as bytes.
 */
@NullMarked
package org.postern.driver.file.text;

import org.jspecify.annotations.NullMarked;
