@NullMarked
package org.postern.operations.status;

import org.jspecify.annotations.NullMarked;
