@NullMarked
package org.postern.host.client;

import org.jspecify.annotations.NullMarked;
