package org.postern.host.approval;

import java.util.Optional;
import org.postern.config.Origin;

/**
 * A table that clients may ask for.
 *
 * @param typeAndName byte string {@code type:name}
 * @param parameter in whose value it is written with {@code proxy:}
 * @param where the line of the file that this parameter, or a {@code /file/name} in it, is in
 */
public record Approved(String typeAndName, String parameter, Optional<Origin> where) {

  /** The parameter and where it is set: {@code virtual_alias_maps (main.cf, line 31)}. */
  public String place() {
    return Listed.place(parameter, where);
  }
}
