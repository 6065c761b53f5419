/** Makes the text driver a plugin. */
@NullMarked
package org.postern.plugin.textfile;

import org.jspecify.annotations.NullMarked;
