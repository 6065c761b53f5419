/** Makes the ldap driver a plugin. */
@NullMarked
package org.postern.plugin.ldap;

import org.jspecify.annotations.NullMarked;
