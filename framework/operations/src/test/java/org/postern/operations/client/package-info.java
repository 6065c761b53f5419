@NullMarked
package org.postern.operations.client;

import org.jspecify.annotations.NullMarked;
