@NullMarked
package org.postern.program.map;

import org.jspecify.annotations.NullMarked;
