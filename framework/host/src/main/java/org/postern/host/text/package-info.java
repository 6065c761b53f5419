/** Text that Postfix looks at inside keys and values: UTF-8 and the case of letters. */
@NullMarked
package org.postern.host.text;

import org.jspecify.annotations.NullMarked;
