/** The kit held against itself. */
@NullMarked
package org.postern.testkit;

import org.jspecify.annotations.NullMarked;
