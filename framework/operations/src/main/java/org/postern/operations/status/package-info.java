/**
 * How a running Postern is at one moment, as records, and these as JSON: what {@code /status.json}
 * gives and the commands that look at a server read. {@link
 * org.postern.operations.status.StatusReport} is the whole.
 */
@NullMarked
package org.postern.operations.status;

import org.jspecify.annotations.NullMarked;
