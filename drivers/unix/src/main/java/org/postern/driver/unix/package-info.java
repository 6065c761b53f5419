/** The unix tables of Postfix: users and groups as the C library gives them. */
@NullMarked
package org.postern.driver.unix;

import org.jspecify.annotations.NullMarked;
