@NullMarked
package org.postern.host.status;

import org.jspecify.annotations.NullMarked;
