/** cdb held against the contract, and against files that tinycdb and postmap(1) made. */
@NullMarked
package org.postern.driver.cdb;

import org.jspecify.annotations.NullMarked;
