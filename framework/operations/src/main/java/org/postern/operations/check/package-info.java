/**
 * Whether every approved table would answer: what {@code postern check} shows, found out by a
 * running server, or by the command itself where none runs.
 */
@NullMarked
package org.postern.operations.check;

import org.jspecify.annotations.NullMarked;
