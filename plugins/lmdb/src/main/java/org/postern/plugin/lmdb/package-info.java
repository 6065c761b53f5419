/** Makes the lmdb driver a plugin. */
@NullMarked
package org.postern.plugin.lmdb;

import org.jspecify.annotations.NullMarked;
