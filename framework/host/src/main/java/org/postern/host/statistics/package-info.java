/**
 * What has been counted since the start: requests of each table with their outcomes and how long
 * they took, denials, bytes. Counting is always on, takes some ten nanoseconds a request, and no
 * lock; whoever wants to see something takes a copy.
 */
@NullMarked
package org.postern.host.statistics;

import org.jspecify.annotations.NullMarked;
