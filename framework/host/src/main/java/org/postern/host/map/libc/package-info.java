/** The functions of the C library that say as whom, and with what mode, a table is made. */
@NullMarked
package org.postern.host.map.libc;

import org.jspecify.annotations.NullMarked;
