package org.postern.platform.log;

import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** What a log line says of itself, besides its level. */
public final class LogMarkers {
  /** Of what ends the process: Postfix's word for it stands before the line. */
  public static final Marker FATAL = MarkerFactory.getMarker("fatal");

  /** Of what may come again and again without being a warning: counted as warnings are. */
  public static final Marker REPEATED = MarkerFactory.getMarker("repeated");

  private LogMarkers() {}
}
