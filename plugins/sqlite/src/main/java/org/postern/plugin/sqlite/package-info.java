/** Makes the SQL driver a plugin, with what it needs for sqlite. */
@NullMarked
package org.postern.plugin.sqlite;

import org.jspecify.annotations.NullMarked;
