package org.postern.spi;

import java.util.List;

/**
 * The one class of a plugin, named by {@code plugin.class} in its {@code plugin.properties}. It has
 * a public constructor without parameters, which must do nothing that can wait: it runs when the
 * daemon starts.
 */
public interface TablePlugin {

  /** The drivers that this plugin brings. Asked once, when the daemon starts. */
  List<TableDriver> drivers();
}
