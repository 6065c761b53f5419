@NullMarked
package org.postern.driver.berkeleydb.libc;

import org.jspecify.annotations.NullMarked;
