package org.postern.host.approval;

import java.util.Optional;
import org.postern.config.Origin;

/**
 * A table that is named where approved ones are named, but without {@code proxy:}, so that Postfix
 * opens it itself. Not a mistake, unless it was meant to be proxied. What a word with a colon means
 * is not always a table: look whether its type is one.
 *
 * @param typeAndName byte string {@code type:name}
 * @param parameter in whose value it is written
 * @param where the line of the file that this parameter, or a {@code /file/name} in it, is in
 */
public record Listed(String typeAndName, String parameter, Optional<Origin> where) {

  /** The parameter and where it is set: {@code virtual_alias_maps (main.cf, line 31)}. */
  public String place() {
    return place(parameter, where);
  }

  static String place(String parameter, Optional<Origin> where) {
    return where.map(origin -> parameter + " (" + origin + ")").orElse(parameter);
  }
}
