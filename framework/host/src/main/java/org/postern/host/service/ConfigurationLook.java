package org.postern.host.service;

import java.util.Optional;

/** Looks whether the configuration on disk is newer than the one that is loaded. */
public interface ConfigurationLook {

  /**
   * Has a look begin after this call, and a newer configuration take effect, and then something
   * done, on a thread that must not be kept. Does not wait. Looks follow each other at a distance,
   * however often this is called: those who ask meanwhile wait for the next one.
   */
  void thenRun(Runnable action);

  /** Why the configuration on disk is not the one that is loaded; empty when it is. */
  Optional<String> trouble();
}
