package org.postern.testkit;

import org.postern.spi.ConfigError;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;
import org.postern.spi.NotFound;
import org.postern.spi.Retry;

/** A lookup's result as text that can be compared and read: {@link Found} has no equals. */
public final class Answer {

  private Answer() {}

  /** {@code found "value"}, {@code not found}, {@code retry} or {@code config error}. */
  public static String of(LookupResult result) {
    return switch (result) {
      case Found found -> found(Bytes.text(found.value()));
      case NotFound _ -> "not found";
      case Retry _ -> "retry";
      case ConfigError _ -> "config error";
    };
  }

  /** The answer that holds this value: one character for each byte. */
  public static String found(String value) {
    return "found \"" + value + '"';
  }
}
