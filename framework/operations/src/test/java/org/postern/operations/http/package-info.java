@NullMarked
package org.postern.operations.http;

import org.jspecify.annotations.NullMarked;
