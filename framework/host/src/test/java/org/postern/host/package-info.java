@NullMarked
package org.postern.host;

import org.jspecify.annotations.NullMarked;
