/**
 * Tables that are made of tables, or of a list in their own name: pipemap, unionmap, randmap,
 * debug. DATABASE_README tells of them.
 *
 * <p>Members are opened through the host, which shares them with whoever asks for the same table,
 * and applies the rules for text to each. A lookup that all members can answer at once is answered
 * on the event loop.
 */
@NullMarked
package org.postern.driver.composite;

import org.jspecify.annotations.NullMarked;
