/** Makes the drivers of tables that are made of tables a plugin. */
@NullMarked
package org.postern.plugin.composite;

import org.jspecify.annotations.NullMarked;
