package org.postern.program.map;

import java.io.IOException;

/** Something cannot be done: the message is for the operator. */
public final class MapException extends IOException {
  private static final long serialVersionUID = 1;

  public MapException(String message) {
    super(message);
  }

  public MapException(String message, Throwable cause) {
    super(message, cause);
  }
}
