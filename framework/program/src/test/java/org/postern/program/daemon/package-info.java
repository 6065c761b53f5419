@NullMarked
package org.postern.program.daemon;

import org.jspecify.annotations.NullMarked;
