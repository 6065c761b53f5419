/** What log lines say beside their text: markers, and where a thread is. */
@NullMarked
package org.postern.platform.log;

import org.jspecify.annotations.NullMarked;
