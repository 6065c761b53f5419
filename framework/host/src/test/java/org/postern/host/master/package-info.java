@NullMarked
package org.postern.host.master;

import org.jspecify.annotations.NullMarked;
