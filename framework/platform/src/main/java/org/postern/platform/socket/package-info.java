/**
 * UNIX-domain sockets at paths: made in directories that nobody else may change, replaced when no
 * server listens there any more, or handed down by a service manager.
 */
@NullMarked
package org.postern.platform.socket;

import org.jspecify.annotations.NullMarked;
