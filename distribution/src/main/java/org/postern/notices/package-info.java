/**
 * The notices of what an installation holds of others' work, made in the build from the archives
 * that are in it and from the copyright file of the Debian package; these classes are not shipped.
 */
@NullMarked
package org.postern.notices;

import org.jspecify.annotations.NullMarked;
