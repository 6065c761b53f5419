package org.postern.tablekit;

import java.time.Duration;
import org.postern.spi.Parameters;

/**
 * What Postern's own parameters grant a backend.
 *
 * @param poolSize {@code postern_pool_size}: how many connections to one server, with the same
 *     parameters, there may be
 * @param lookupTimeout {@code postern_lookup_timeout}: after that nobody waits for an answer
 */
public record HostLimits(int poolSize, Duration lookupTimeout) {
  private static final String POOL_SIZE = "8";
  private static final String LOOKUP_TIMEOUT = "10s";

  /** As the parameters have it; the host has checked them. */
  public static HostLimits of(Parameters parameters) {
    return new HostLimits(
        Integer.parseInt(parameters.get("postern_pool_size").orElse(POOL_SIZE).strip()),
        time(parameters.get("postern_lookup_timeout").orElse(LOOKUP_TIMEOUT).strip()));
  }

  /** postconf(5): a number and s, m, h, d or w; seconds without a unit. */
  private static Duration time(String text) {
    int last = text.length() - 1;
    int unit =
        switch (text.charAt(last)) {
          case 's' -> 1;
          case 'm' -> 60;
          case 'h' -> 3600;
          case 'd' -> 86_400;
          case 'w' -> 604_800;
          default -> 0;
        };
    return unit == 0
        ? Duration.ofSeconds(Long.parseLong(text))
        : Duration.ofSeconds(unit * Long.parseLong(text.substring(0, last)));
  }
}
