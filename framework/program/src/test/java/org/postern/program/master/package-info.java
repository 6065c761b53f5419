@NullMarked
package org.postern.program.master;

import org.jspecify.annotations.NullMarked;
