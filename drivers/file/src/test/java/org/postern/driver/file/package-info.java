/** Files of tables: how they are replaced. */
@NullMarked
package org.postern.driver.file;

import org.jspecify.annotations.NullMarked;
