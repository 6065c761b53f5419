@NullMarked
package org.postern.host.plugin;

import org.jspecify.annotations.NullMarked;
