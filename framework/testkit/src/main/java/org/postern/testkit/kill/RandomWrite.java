package org.postern.testkit.kill;

import org.jspecify.annotations.Nullable;

/**
 * A change of a table.
 *
 * @param value null when the key is removed
 */
record RandomWrite(String key, @Nullable String value) {}
