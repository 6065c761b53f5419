/** The proxymap protocol as bytes, for tests that ask a running server. */
@NullMarked
package org.postern.testkit.wire;

import org.jspecify.annotations.NullMarked;
