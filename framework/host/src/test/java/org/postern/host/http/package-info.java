@NullMarked
package org.postern.host.http;

import org.jspecify.annotations.NullMarked;
