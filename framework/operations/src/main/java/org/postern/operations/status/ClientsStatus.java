package org.postern.operations.status;

import java.util.Optional;

/**
 * The clients of both services.
 *
 * @param present how many are connected
 * @param limit how many may be
 * @param total how many have been, those present among them
 * @param turnedAway how many were too many
 * @param receivedBytes what they have sent
 * @param sentBytes what they were sent
 * @param heldBytes what is held of requests that are not whole, and of replies that are not read;
 *     absent in reports of older releases
 * @param heldLimit how much may be
 * @param givenUp how many were sent away because it was too much
 */
public record ClientsStatus(
    int present,
    int limit,
    long total,
    long turnedAway,
    long receivedBytes,
    long sentBytes,
    Optional<Long> heldBytes,
    Optional<Long> heldLimit,
    Optional<Long> givenUp) {}
