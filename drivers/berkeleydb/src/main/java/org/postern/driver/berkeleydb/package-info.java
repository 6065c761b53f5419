/** The hash and btree tables of Postfix: Berkeley DB files, without libdb. */
@NullMarked
package org.postern.driver.berkeleydb;

import org.jspecify.annotations.NullMarked;
