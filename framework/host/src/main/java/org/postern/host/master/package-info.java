/**
 * Postern as a child of Postfix's master(8): what master is told, and when a child ends. The
 * program is {@code libexec/postern-proxymap}, the command {@link
 * org.postern.host.command.ProxymapCommand}.
 */
@NullMarked
package org.postern.host.master;

import org.jspecify.annotations.NullMarked;
