package org.postern.operations.client;

import java.util.Map;
import java.util.Optional;
import org.postern.host.protocol.Status;

/**
 * A server's reply as it came.
 *
 * @param attributes name to value, byte strings
 */
public record Answer(Status status, Map<String, String> attributes) {

  /** The flags, where the reply shows any. */
  public Optional<Integer> flags() {
    return Optional.ofNullable(attributes.get("flags")).map(Integer::parseUnsignedInt);
  }

  /** The key of a sequence, empty at its end. */
  public String key() {
    return attributes.getOrDefault("key", "");
  }

  /** The value of a lookup or a sequence, empty when there is none. */
  public String value() {
    return attributes.getOrDefault("value", "");
  }
}
