/** What parsers share, held against random text. */
@NullMarked
package org.postern.driver.file.text;

import org.jspecify.annotations.NullMarked;
