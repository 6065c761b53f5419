/**
 * The few functions of the C library that files of tables need: flock(2) is not in the JDK, and its
 * lock belongs to the descriptor that it was taken with, so that this one is also read and written
 * with; and Java's own channels are closed when a thread is interrupted, in the middle of a change.
 */
@NullMarked
package org.postern.platform.libc;

import org.jspecify.annotations.NullMarked;
