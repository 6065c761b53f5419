@NullMarked
package org.postern.testkit.skipped;

import org.jspecify.annotations.NullMarked;
