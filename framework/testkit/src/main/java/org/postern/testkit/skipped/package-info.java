/**
 * What the end of a build says of tests that were skipped: {@link
 * org.postern.testkit.skipped.SkippedTests} writes down why, in each Java process that runs tests,
 * and {@link org.postern.testkit.skipped.SkippedSum} adds it up.
 */
@NullMarked
package org.postern.testkit.skipped;

import org.jspecify.annotations.NullMarked;
