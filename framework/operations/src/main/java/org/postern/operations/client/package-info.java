/** The other end of the protocol: asks any proxymap server, Postern or proxymap(8). */
@NullMarked
package org.postern.operations.client;

import org.jspecify.annotations.NullMarked;
