/** Tests of the whole: the rooms and what may know what, and Postern beside a real Postfix. */
@NullMarked
package org.postern.distribution;

import org.jspecify.annotations.NullMarked;
