/**
 * Finds plugins, shuts them off from Postern and from each other, and knows which driver serves
 * which maptype. PF4J reads descriptors and makes class loaders; what it would log and forget
 * becomes a {@link org.postern.loader.PluginProblem} here.
 *
 * <p>{@link org.postern.loader.Plugins} is the way in, {@link org.postern.loader.DriverRegistry}
 * what comes out: the host and the commands ask it for drivers, and see no plugin. In the order in
 * which a plugin meets them:
 *
 * <ul>
 *   <li>before anything of it is read: {@link org.postern.loader.SafeFiles} looks at ownership and
 *       mode, {@link org.postern.loader.Unpacking} unpacks a ZIP where nobody else can write;
 *   <li>before a class is loaded: {@link org.postern.loader.SpiUse} compares what its classes use
 *       with what it says that it requires;
 *   <li>as classes are loaded: {@link org.postern.loader.TablePluginManager} is PF4J as Postern
 *       uses it, {@link org.postern.loader.TablePluginClassLoader} has each plugin's classes,
 *       {@link org.postern.loader.HostClasses} is all that these see of Postern, {@link
 *       org.postern.loader.NoExit} takes calls out that would end the process, {@link
 *       org.postern.loader.HeldArchives} keeps archives open for a process that goes where it
 *       cannot open them;
 *   <li>in every call: {@link org.postern.loader.PluginDriver} turns whatever it throws or forgets
 *       into an answer, and {@link org.postern.loader.Patience} waits for those calls of a vendor's
 *       plugin that must come back soon.
 * </ul>
 *
 * <p>Security: code of a plugin runs with all rights of the daemon. So nobody but root and the
 * daemon's own user may be able to write it.
 */
@NullMarked
package org.postern.loader;

import org.jspecify.annotations.NullMarked;
