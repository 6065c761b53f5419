package org.postern.host.service;

import java.util.Optional;

/** Looks whether the configuration on disk is newer than the one that is loaded. */
public interface ConfigurationLook {

  /** A request that would be denied, and waits for a look. */
  interface Pending {
    /** How many bytes it holds. */
    int size();

    /** Whether nobody waits for its answer any more: it may be dropped. */
    boolean abandoned();

    /** Goes on, on a thread that must not be kept: a newer configuration has taken effect. */
    void looked();
  }

  /**
   * Has a look begin after this call, a newer configuration take effect, and then a request go on.
   * Does not wait. Looks follow each other at a distance, however often this is called: those who
   * ask meanwhile wait for the next one.
   *
   * @return false when so many wait that this one cannot
   */
  boolean await(Pending pending);

  /** Why the configuration on disk is not the one that is loaded; empty when it is. */
  Optional<String> trouble();
}
