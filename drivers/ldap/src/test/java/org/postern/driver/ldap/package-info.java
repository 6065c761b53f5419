/**
 * Tests of ldap tables, against UnboundID's in-memory directory. What Postfix itself makes of the
 * same tables, and what OpenLDAP's slapd does, is asked in {@code distribution}.
 */
@NullMarked
package org.postern.driver.ldap;

import org.jspecify.annotations.NullMarked;
