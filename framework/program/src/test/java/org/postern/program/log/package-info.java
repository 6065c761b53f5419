@NullMarked
package org.postern.program.log;

import org.jspecify.annotations.NullMarked;
