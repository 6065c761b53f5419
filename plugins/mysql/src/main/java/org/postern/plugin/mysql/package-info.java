/** Makes the SQL driver a plugin, with what it needs for mysql. */
@NullMarked
package org.postern.plugin.mysql;

import org.jspecify.annotations.NullMarked;
