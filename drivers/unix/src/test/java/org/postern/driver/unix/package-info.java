/** The unix tables held against the contract, against passwd(5) and group(5), and postmap(1). */
@NullMarked
package org.postern.driver.unix;

import org.jspecify.annotations.NullMarked;
