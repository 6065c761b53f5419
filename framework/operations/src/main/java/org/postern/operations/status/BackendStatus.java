package org.postern.operations.status;

/**
 * What tables wait for, and the workers that do so.
 *
 * @param atWork workers that are waiting now
 * @param limit how many there may be
 * @param queued requests that wait for a worker
 * @param queueLimit how many may
 * @param done requests done so far
 * @param refused requests that found the queue full
 * @param givenUp calls that hang, and in whose place other workers are
 */
public record BackendStatus(
    String name,
    int atWork,
    int limit,
    int queued,
    int queueLimit,
    long done,
    long refused,
    int givenUp) {}
