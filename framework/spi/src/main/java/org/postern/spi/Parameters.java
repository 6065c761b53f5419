package org.postern.spi;

import java.util.Optional;

/** The parameters of main.cf, postern.cf and the command line: postconf(5). */
public interface Parameters {

  /**
   * The value of a parameter with every {@code $name} in it expanded, decoded as UTF-8, or its
   * default. Empty when it has neither a setting nor a default. A table that is configured in
   * main.cf asks for {@code name_hosts} and the like here.
   */
  Optional<String> get(String name);
}
