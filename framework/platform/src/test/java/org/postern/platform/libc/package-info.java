@NullMarked
package org.postern.platform.libc;

import org.jspecify.annotations.NullMarked;
