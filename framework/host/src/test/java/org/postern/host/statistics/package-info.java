@NullMarked
package org.postern.host.statistics;

import org.jspecify.annotations.NullMarked;
