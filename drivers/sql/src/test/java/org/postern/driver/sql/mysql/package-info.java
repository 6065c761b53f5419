/** mysql without a server. */
@NullMarked
package org.postern.driver.sql.mysql;

import org.jspecify.annotations.NullMarked;
