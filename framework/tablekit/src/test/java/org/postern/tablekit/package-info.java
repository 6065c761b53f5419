@NullMarked
package org.postern.tablekit;

import org.jspecify.annotations.NullMarked;
