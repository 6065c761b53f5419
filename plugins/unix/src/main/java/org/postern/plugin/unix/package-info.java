/** Makes the unix driver a plugin. */
@NullMarked
package org.postern.plugin.unix;

import org.jspecify.annotations.NullMarked;
