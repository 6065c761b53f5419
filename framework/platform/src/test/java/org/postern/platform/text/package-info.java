/** What parsers share, held against random text. */
@NullMarked
package org.postern.platform.text;

import org.jspecify.annotations.NullMarked;
