/**
 * The few functions of the C library that it takes to lock a file against Postfix. The JDK has
 * fcntl(2) locks, but of the kind that a process loses when it closes any descriptor of the file.
 */
@NullMarked
package org.postern.driver.lmdb.libc;

import org.jspecify.annotations.NullMarked;
