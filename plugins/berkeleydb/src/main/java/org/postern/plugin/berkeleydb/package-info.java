/** Makes the Berkeley DB driver a plugin. */
@NullMarked
package org.postern.plugin.berkeleydb;

import org.jspecify.annotations.NullMarked;
