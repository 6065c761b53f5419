/**
 * Real database servers, each with a directory, a port and a socket of its own: their programs come
 * from Maven Central.
 */
@NullMarked
package org.postern.testservers;

import org.jspecify.annotations.NullMarked;
