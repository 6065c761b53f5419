/**
 * The types mysql, pgsql and sqlite: mysql_table(5), pgsql_table(5), sqlite_table(5).
 *
 * <p>{@link org.postern.driver.sql.SqlDriver} opens tables of one type, of which a {@link
 * org.postern.driver.sql.Dialect} says what is its own. {@link org.postern.driver.sql.SqlTable}
 * answers lookups: {@link org.postern.driver.sql.QueryPlan} is what its query has become, with the
 * key as bound parameters wherever it can be; {@link org.postern.driver.sql.SqlPool} has the
 * connections to one server, shared by all tables whose connection parameters are equal.
 *
 * <p>Nothing connects before the first lookup, and no class of JDBC is loaded before the first
 * table is opened.
 */
@NullMarked
package org.postern.driver.sql;

import org.jspecify.annotations.NullMarked;
