/**
 * What drivers of databases and directories share: mysql_table(5), pgsql_table(5), sqlite_table(5),
 * ldap_table(5).
 *
 * <p>A table is opened in this order: {@link org.postern.driver.database.TableConfig} reads its
 * parameters, {@link org.postern.driver.database.LookupTemplates} parses the query and the result
 * format, {@link org.postern.driver.database.DomainFilter} the parameter {@code domain}; the
 * connections come from {@link org.postern.driver.database.SharedPools}, one pool for each {@link
 * org.postern.driver.database.HostState server} and set of connection parameters, however many
 * tables use it.
 *
 * <p>A lookup goes: {@link org.postern.driver.database.LookupKey} or nothing, when the key cannot
 * be in the table; a server by {@link org.postern.driver.database.HostChoice}; {@link
 * org.postern.driver.database.JoinedValues} of what it answers.
 *
 * <p>Keys, values and parameters are byte strings: one char for each byte, as in {@link
 * org.postern.driver.file.text.ByteText}, so that nothing is lost on the way. What a backend takes
 * as characters is decoded where it is handed over.
 */
@NullMarked
package org.postern.driver.database;

import org.jspecify.annotations.NullMarked;
