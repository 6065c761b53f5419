package org.postern.host.status;

/**
 * The clients of both services.
 *
 * @param present how many are connected
 * @param limit how many may be
 * @param total how many have been, those present among them
 * @param turnedAway how many were too many
 * @param receivedBytes what they have sent
 * @param sentBytes what they were sent
 */
public record ClientsStatus(
    int present, int limit, long total, long turnedAway, long receivedBytes, long sentBytes) {}
