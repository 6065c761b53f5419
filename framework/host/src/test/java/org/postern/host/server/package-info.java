@NullMarked
package org.postern.host.server;

import org.jspecify.annotations.NullMarked;
