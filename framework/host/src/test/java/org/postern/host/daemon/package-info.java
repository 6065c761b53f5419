@NullMarked
package org.postern.host.daemon;

import org.jspecify.annotations.NullMarked;
