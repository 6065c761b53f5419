package org.postern.spi;

import java.util.Optional;

/**
 * How a server and the connections to it are at one moment.
 *
 * @param inUse connections that a call has, or is waiting to see made
 * @param idle connections that nobody has
 * @param limit how many there may be in all
 * @param waiting calls that wait for a connection since all are in use
 * @param failures how often the server has been found not to answer, or to refuse, so far
 * @param trouble why it is not asked now, without a password; empty when it is
 */
@Since("1.2")
public record ServerState(
    int inUse, int idle, int limit, int waiting, long failures, Optional<String> trouble) {}
