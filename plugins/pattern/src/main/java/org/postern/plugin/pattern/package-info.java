/** Makes the drivers of rule files a plugin. */
@NullMarked
package org.postern.plugin.pattern;

import org.jspecify.annotations.NullMarked;
