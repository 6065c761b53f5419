/**
 * Calls of the C library for what the JDK has no way: whose privileges this process has,
 * descriptors that it was started with, the system's log. For Linux with 64 bits.
 */
@NullMarked
package org.postern.host.libc;

import org.jspecify.annotations.NullMarked;
