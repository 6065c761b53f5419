/** Makes the SQL driver a plugin, with what it needs for pgsql. */
@NullMarked
package org.postern.plugin.pgsql;

import org.jspecify.annotations.NullMarked;
