/** Notices of libraries. */
@NullMarked
package org.postern.notices;

import org.jspecify.annotations.NullMarked;
