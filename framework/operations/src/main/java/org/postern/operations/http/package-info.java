/**
 * Postern over HTTP: the status page at {@code /}, the report behind it at {@code /status.json},
 * metrics for Prometheus at {@code /metrics}, {@code /healthz} and {@code /readyz}. Unless
 * postern_http_listen is set, nothing of it runs, and Micrometer is not loaded.
 *
 * <p>Security: everybody who can connect may read, nobody can change anything. Nothing that a
 * request says has an effect but its method and path, and its Host, which must not be another
 * machine's name when only this machine can connect: a web page elsewhere could have its own name
 * lead here. What comes from clients and servers goes out as JSON or escaped, never as HTML. A
 * client that is slow is given up.
 */
@NullMarked
package org.postern.operations.http;

import org.jspecify.annotations.NullMarked;
