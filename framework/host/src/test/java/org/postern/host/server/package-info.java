/** The server socket: who may use it, and what bad clients do to it. */
@NullMarked
package org.postern.host.server;

import org.jspecify.annotations.NullMarked;
