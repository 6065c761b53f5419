/**
 * For types that can be written: a process that changes a table is killed at random moments, round
 * after round, and no change that was acknowledged may be missing. {@link
 * org.postern.testkit.kill.KillRounds} is what a test calls. {@link
 * org.postern.testkit.kill.RebuildRounds} does the same with a process that makes a table anew.
 */
@NullMarked
package org.postern.testkit.kill;

import org.jspecify.annotations.NullMarked;
