/**
 * The calls into the C library, and nothing else: getpwnam_r(3), getgrnam_r(3), their cousins by
 * number, and strerror(3).
 *
 * <p>{@link org.postern.driver.unix.libc.AccountDatabase} is what the driver sees. Struct layouts
 * are those of Linux on 64 bit processors, the same for glibc and musl; they stand beside the code
 * that reads them. The {@code _r} calls return their error number, so errno is not looked at.
 */
@NullMarked
package org.postern.driver.unix.libc;

import org.jspecify.annotations.NullMarked;
