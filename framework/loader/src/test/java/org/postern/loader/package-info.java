@NullMarked
package org.postern.loader;

import org.jspecify.annotations.NullMarked;
