/**
 * The proxymap protocol: bytes in, requests out; replies in, bytes out. Nothing here knows a
 * socket, a thread or a table.
 *
 * <p>A message is a list of attributes, each {@code name NUL value NUL}, ended by one more NUL. The
 * server speaks first ({@link org.postern.host.protocol.Greeting}), then answers each request in
 * the {@link org.postern.host.protocol.Dialect} it was asked in. {@link
 * org.postern.host.protocol.RequestFramer} finds where a message ends, {@link
 * org.postern.host.protocol.RequestDecoder} says what it asks, {@link
 * org.postern.host.protocol.ReplyBuffer} writes what is answered.
 *
 * <p>Security: names and keys are bytes from clients that may be hostile. They are bounded,
 * compared byte for byte, never taken as a file name here, and made printable before they are
 * logged.
 *
 * <p>Defined by proxymap(8) of Postfix 2.9 to 3.12; where Postern answers better than that, {@code
 * docs/decisions.md} says so.
 */
@NullMarked
package org.postern.host.protocol;

import org.jspecify.annotations.NullMarked;
