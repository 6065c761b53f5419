/**
 * Sockets, threads and time: what carries bytes between clients and {@link
 * org.postern.host.service.TableService}.
 *
 * <p>{@link org.postern.host.server.Server} puts it together. A {@link
 * org.postern.platform.socket.ServiceSocket} is where clients of one service connect. An {@link
 * org.postern.host.server.EventLoop} is one thread that owns its {@link
 * org.postern.host.server.Connection}s: only that thread touches them. Others hand it work by
 * {@code execute}.
 *
 * <p>Every connection is bounded in bytes and in time ({@link org.postern.host.server.Limits}); one
 * that passes a bound is closed with a log line and harms nobody else.
 */
@NullMarked
package org.postern.host.server;

import org.jspecify.annotations.NullMarked;
