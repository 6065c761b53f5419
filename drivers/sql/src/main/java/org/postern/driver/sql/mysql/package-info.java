/** What is MySQL's own: mysql_table(5). */
@NullMarked
package org.postern.driver.sql.mysql;

import org.jspecify.annotations.NullMarked;
