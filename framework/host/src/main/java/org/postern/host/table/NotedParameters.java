package org.postern.host.table;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.spi.Parameters;

/**
 * The parameters for one opening of a table. Notes what the driver has asked for, then and later,
 * so that the table need not be opened again when others change. Any thread may ask.
 */
final class NotedParameters implements Parameters {
  private final Configuration configuration;
  private final Map<String, Value> noted = new ConcurrentHashMap<>();

  /** What a parameter was, or why it had no value. */
  private record Value(Optional<String> value, String mistake) {
    static Value of(Configuration configuration, String name) {
      try {
        return new Value(configuration.parameters().get(name), "");
      } catch (ConfigurationException e) {
        return new Value(Optional.empty(), String.valueOf(e.getMessage()));
      }
    }
  }

  NotedParameters(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Notes a parameter that the host looks at by itself. */
  void note(String name) {
    noted.put(name, Value.of(configuration, name));
  }

  @Override
  public Optional<String> get(String name) {
    noted.put(name, Value.of(configuration, name));
    return configuration.parameters().get(name);
  }

  /** Whether any of the parameters that were asked for has another value there. */
  boolean differIn(Configuration changed) {
    return changed != configuration
        && noted.entrySet().stream()
            .anyMatch(one -> !one.getValue().equals(Value.of(changed, one.getKey())));
  }
}
