@NullMarked
package org.postern.host.text;

import org.jspecify.annotations.NullMarked;
