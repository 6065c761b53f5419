/**
 * ldap tables: ldap_table(5).
 *
 * <p>{@link org.postern.driver.ldap.LdapDriver} opens a table: {@code TableFile} reads its
 * settings, {@code Directory} is what tables of equal connection parameters share. A lookup ({@code
 * LdapTable}) expands the search base and the filter, asks the directory on one connection, and
 * {@code Values} gathers the result's attributes, following DNs and URLs in them.
 */
@NullMarked
package org.postern.driver.ldap;

import org.jspecify.annotations.NullMarked;
