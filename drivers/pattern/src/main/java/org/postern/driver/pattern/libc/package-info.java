/**
 * The calls into C libraries, and nothing else: regex(3) and inet_pton(3) of the C library, and
 * libpcre2-8. Struct layouts are those of Linux on 64 bit processors; they stand beside the code
 * that reads them.
 *
 * <p>What is compiled is given back when the arena closes that it was compiled in.
 */
@NullMarked
package org.postern.driver.pattern.libc;

import org.jspecify.annotations.NullMarked;
