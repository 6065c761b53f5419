package org.postern.program.daemon;

import java.util.List;

/**
 * What reading the configuration again has changed. Nothing of any value is in it, which may be a
 * password.
 *
 * @param parameters those that are set otherwise, and where
 * @param tables which tables are approved now, and which no longer
 * @param atNextStart those of the parameters that have no effect before
 * @param warnings what is doubtful
 */
public record Reloaded(
    List<String> parameters, List<String> tables, List<String> atNextStart, List<String> warnings) {
  public Reloaded {
    parameters = List.copyOf(parameters);
    tables = List.copyOf(tables);
    atNextStart = List.copyOf(atNextStart);
    warnings = List.copyOf(warnings);
  }
}
