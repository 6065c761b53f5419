/**
 * Putting Postern behind a Postfix that is there, and taking it back: what {@code postern setup}
 * shows and does.
 */
@NullMarked
package org.postern.host.setup;

import org.jspecify.annotations.NullMarked;
