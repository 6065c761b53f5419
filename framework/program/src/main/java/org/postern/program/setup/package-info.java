/**
 * Putting Postern behind a Postfix that is there, and taking it back: what {@code postern setup}
 * shows and does.
 */
@NullMarked
package org.postern.program.setup;

import org.jspecify.annotations.NullMarked;
