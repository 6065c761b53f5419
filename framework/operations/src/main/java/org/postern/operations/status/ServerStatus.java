package org.postern.operations.status;

import java.util.Optional;

/**
 * A server of a database or directory, and the connections to it.
 *
 * @param backend the name of the backend that it belongs to
 * @param server as an operator knows it
 * @param up whether it is asked
 * @param trouble why not
 * @param inUse connections that a lookup has
 * @param idle connections that none has
 * @param limit how many there may be
 * @param waiting lookups that wait for one
 * @param failures how often it has been found not to answer, or to refuse
 */
public record ServerStatus(
    String backend,
    String server,
    boolean up,
    Optional<String> trouble,
    int inUse,
    int idle,
    int limit,
    int waiting,
    long failures) {}
