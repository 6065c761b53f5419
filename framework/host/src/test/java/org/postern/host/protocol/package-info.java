@NullMarked
package org.postern.host.protocol;

import org.jspecify.annotations.NullMarked;
