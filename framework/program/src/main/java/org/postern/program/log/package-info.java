/**
 * Log lines in the form of Postfix's own, on standard error or where Postfix's daemons log: {@code
 * postfix/proxymap[4711]: warning: request for unapproved table: "hash:/etc/x"}.
 */
@NullMarked
package org.postern.program.log;

import org.jspecify.annotations.NullMarked;
