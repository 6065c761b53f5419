@NullMarked
package org.postern.program.setup;

import org.jspecify.annotations.NullMarked;
