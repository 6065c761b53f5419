package org.postern.config;

/**
 * The configuration cannot be used. The message is for an operator: it names the file and line, the
 * parameter and the value where there is one, and says how to mend it. It is a byte string's text,
 * not decoded.
 */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ConfigurationException(String message) {
    super(message);
  }

  public ConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
