/** The admin socket: who may use it, and what bad clients do to it. */
@NullMarked
package org.postern.operations.admin;

import org.jspecify.annotations.NullMarked;
