/** What is PostgreSQL's own: pgsql_table(5). */
@NullMarked
package org.postern.driver.sql.pgsql;

import org.jspecify.annotations.NullMarked;
