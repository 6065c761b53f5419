/** Tests of the configuration; those with Postconf in their names ask the real one. */
@NullMarked
package org.postern.config;

import org.jspecify.annotations.NullMarked;
