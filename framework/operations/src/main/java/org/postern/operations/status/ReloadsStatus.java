package org.postern.operations.status;

import java.time.Instant;
import java.util.Optional;

/**
 * How often the configuration has been read again.
 *
 * @param ok how often it is in force since
 * @param failed how often it had a mistake, so that the old one stayed
 * @param last when it was read last
 * @param mistake what was wrong then
 */
public record ReloadsStatus(
    long ok, long failed, Optional<Instant> last, Optional<String> mistake) {}
