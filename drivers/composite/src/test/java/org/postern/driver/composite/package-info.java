/** Each type held against the contract, and against what postmap(1) and proxymap(8) answer. */
@NullMarked
package org.postern.driver.composite;

import org.jspecify.annotations.NullMarked;
