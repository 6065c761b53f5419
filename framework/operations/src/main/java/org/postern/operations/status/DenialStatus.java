package org.postern.operations.status;

import java.time.Instant;

/**
 * Requests that a service has refused, of one kind.
 *
 * @param table printable; {@code other} for those beyond what is told apart
 * @param problem the line of the log that says so
 * @param remedy the line of the log that says what to write
 * @param last when the last one was refused
 */
public record DenialStatus(
    String service, String table, String problem, String remedy, long count, Instant last) {}
