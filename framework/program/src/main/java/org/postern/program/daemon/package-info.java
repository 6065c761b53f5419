/**
 * The daemon as a whole: built from a configuration, told to read it again, ended.
 *
 * <p>{@link org.postern.program.daemon.Daemon} is the one place that knows all the rooms of the
 * host.
 */
@NullMarked
package org.postern.program.daemon;

import org.jspecify.annotations.NullMarked;
