package org.postern.host.server;

import java.time.Duration;
import org.postern.config.Configuration;

/**
 * What a client may use.
 *
 * @param attributeSize longest name or value, bytes
 * @param requestSize longest request, bytes
 * @param unreadReplies replies that a client has not read, bytes
 * @param clientMemory what is held for all clients together, bytes
 * @param connections clients at once, of both services together
 * @param requestTime from a request's first byte to its last
 * @param idleTime without any request
 * @param lookupTime until a request that waits for a backend gets RETRY
 * @param drainTime for requests in hand when the daemon ends
 */
public record Limits(
    int attributeSize,
    int requestSize,
    int unreadReplies,
    int clientMemory,
    int connections,
    Duration requestTime,
    Duration idleTime,
    Duration lookupTime,
    Duration drainTime) {

  public static Limits of(Configuration configuration) {
    return new Limits(
        configuration.integer("postern_attribute_size_limit"),
        configuration.integer("postern_request_size_limit"),
        configuration.integer("postern_unread_reply_limit"),
        configuration.integer("postern_client_memory_limit"),
        configuration.integer("postern_connection_limit"),
        configuration.time("postern_request_timeout"),
        configuration.time("ipc_timeout"),
        configuration.time("postern_lookup_timeout"),
        configuration.time("postern_drain_timeout"));
  }
}
