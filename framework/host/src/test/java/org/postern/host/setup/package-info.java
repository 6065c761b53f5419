@NullMarked
package org.postern.host.setup;

import org.jspecify.annotations.NullMarked;
