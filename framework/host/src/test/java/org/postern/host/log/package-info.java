@NullMarked
package org.postern.host.log;

import org.jspecify.annotations.NullMarked;
