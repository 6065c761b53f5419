/** Tests of approval. */
@NullMarked
package org.postern.host.approval;

import org.jspecify.annotations.NullMarked;
