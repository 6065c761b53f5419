/**
 * What drivers of tables in text files share: the files themselves ({@link
 * org.postern.platform.text.SourceFile}, {@link org.postern.platform.text.SettledFile}), their
 * logical lines, and text as bytes.
 */
@NullMarked
package org.postern.platform.text;

import org.jspecify.annotations.NullMarked;
