@NullMarked
package org.postern.driver.file.libc;

import org.jspecify.annotations.NullMarked;
