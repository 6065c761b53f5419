/**
 * The minimal protocol host: {@link org.postern.host.Host} puts together what a request meets on
 * its way to a table. Package by package, in that order: {@code server} (event loops, connections,
 * limits), {@code protocol} (framing, requests, replies), {@code approval} (which tables may be
 * asked for), {@code service} (what a request is answered), {@code table} (the open tables), and
 * {@code statistics} (what is counted). Where table types come from is {@code
 * org.postern.loader}'s.
 */
@NullMarked
package org.postern.host;

import org.jspecify.annotations.NullMarked;
