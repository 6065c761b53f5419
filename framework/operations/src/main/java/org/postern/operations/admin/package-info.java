/**
 * The admin socket: where {@code postern status}, {@code explain}, {@code reload} and the like talk
 * to a running server. A UNIX-domain socket in a directory that only root and the server's own user
 * can enter.
 *
 * <p>A client connects, sends one JSON object, {@link org.postern.operations.admin.AdminRequest},
 * gets one back, and the connection is closed. The answer is what the command names, or an object
 * with the one member {@code error}. Who sends nothing, or reads nothing, is disconnected; there
 * are {@link org.postern.operations.admin.AdminServer#MOST_CLIENTS} at most, and none of them is
 * served by a thread that serves mail.
 */
@NullMarked
package org.postern.operations.admin;

import org.jspecify.annotations.NullMarked;
