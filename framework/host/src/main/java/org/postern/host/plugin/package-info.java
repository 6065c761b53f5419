/**
 * Finds plugins, shuts them off from the host and from each other, and knows which driver serves
 * which maptype. PF4J reads descriptors and makes class loaders; what it would log and forget
 * becomes a {@link org.postern.host.plugin.PluginProblem} here.
 *
 * <p>{@link org.postern.host.plugin.Plugins#load} is the way in. {@link
 * org.postern.host.plugin.SafeFiles} looks at ownership and mode before anything is read, {@link
 * org.postern.host.plugin.HostClasses} is all that a plugin sees of the host, and {@link
 * org.postern.host.plugin.PluginDriver} stands between the host and a plugin's code in every call.
 *
 * <p>Security: code of a plugin runs with all rights of the daemon. So nobody but root and the
 * daemon's own user may be able to write it.
 */
@NullMarked
package org.postern.host.plugin;

import org.jspecify.annotations.NullMarked;
