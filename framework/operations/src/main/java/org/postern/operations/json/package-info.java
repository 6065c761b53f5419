/** JSON of records: what {@code --json} prints, and what the admin socket speaks. */
@NullMarked
package org.postern.operations.json;

import org.jspecify.annotations.NullMarked;
