/** Makes the cdb driver a plugin. */
@NullMarked
package org.postern.plugin.cdb;

import org.jspecify.annotations.NullMarked;
