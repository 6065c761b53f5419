/**
 * Postern as a child of Postfix's master(8): what master is told, and when a child ends. The
 * program is {@code libexec/postern-proxymap}, the command {@link
 * org.postern.program.command.ProxymapCommand}.
 */
@NullMarked
package org.postern.program.master;

import org.jspecify.annotations.NullMarked;
