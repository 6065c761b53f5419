/**
 * What drivers of databases and directories share: mysql_table(5), pgsql_table(5), sqlite_table(5),
 * ldap_table(5).
 *
 * <p>A table is opened in this order: {@link org.postern.tablekit.TableConfig} reads its
 * parameters, {@link org.postern.tablekit.LookupTemplates} parses the query and the result format,
 * {@link org.postern.tablekit.DomainFilter} the parameter {@code domain}; the connections come from
 * {@link org.postern.tablekit.SharedPools}, one pool for each {@link org.postern.tablekit.HostState
 * server} and set of connection parameters, however many tables use it.
 *
 * <p>A lookup goes: {@link org.postern.tablekit.LookupKey} or nothing, when the key cannot be in
 * the table; a server by {@link org.postern.tablekit.HostChoice}; {@link
 * org.postern.tablekit.JoinedValues} of what it answers.
 *
 * <p>Keys, values and parameters are byte strings: one char for each byte, as in {@link
 * org.postern.platform.text.ByteText}, so that nothing is lost on the way. What a backend takes as
 * characters is decoded where it is handed over.
 */
@NullMarked
package org.postern.tablekit;

import org.jspecify.annotations.NullMarked;
