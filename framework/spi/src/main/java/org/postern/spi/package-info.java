/**
 * What a lookup table driver is written against. Nothing else crosses between the host and a
 * plugin.
 *
 * <h2>The shape of it</h2>
 *
 * <ul>
 *   <li>A {@link org.postern.spi.TablePlugin} is the one class that a plugin's {@code
 *       plugin.properties} names. It lists the drivers that the plugin brings.
 *   <li>A {@link org.postern.spi.TableDriver} names the maptypes it serves ({@code hash}, {@code
 *       mysql}) and opens tables.
 *   <li>A {@link org.postern.spi.Table} answers lookups, and where its type can, updates, deletes
 *       and walks ({@link org.postern.spi.Sequence}). One instance serves all clients, from several
 *       threads at once.
 *   <li>A {@link org.postern.spi.BulkLoad} makes a table anew or adds to it, where its type can:
 *       {@code postern map}.
 *   <li>Results are sealed: {@link org.postern.spi.LookupResult}, {@link
 *       org.postern.spi.ChangeResult}, {@link org.postern.spi.SequenceResult}. A backend's failure
 *       is {@link org.postern.spi.Retry}, never {@link org.postern.spi.NotFound}: Postfix bounces
 *       mail for what is not found.
 * </ul>
 *
 * <p>Keys and values are bytes without a terminating NUL. Before a driver sees a key, the host has
 * checked the approval, has checked UTF-8 and has folded case, as the request's flags ask; it
 * checks values afterwards. An empty key reaches a driver like any other.
 *
 * <h2>The smallest driver that works</h2>
 *
 * {@snippet lang = "java":
 * public final class GreetingPlugin implements TablePlugin {
 *   public List<TableDriver> drivers() {
 *     return List.of(new GreetingDriver());
 *   }
 * }
 *
 * final class GreetingDriver implements TableDriver {
 *   public Set<String> maptypes() {
 *     return Set.of("greeting"); // proxy:greeting:hello
 *   }
 *
 *   public Table open(TableOpening opening) {
 *     byte[] greeting = opening.nameBytes();
 *     return new Table() {
 *       public int flags() {
 *         return TableFlags.FIXED;
 *       }
 *
 *       public boolean answersFromMemory() {
 *         return true; // without this, workers call lookup
 *       }
 *
 *       public LookupResult lookup(byte[] key, int flags) {
 *         return key.length == 0 ? NotFound.NOT_FOUND : new Found(greeting);
 *       }
 *     };
 *   }
 * }
 * }
 *
 * <p>Beside it, in {@code plugin.properties} at the root of the plugin's ZIP or folder:
 *
 * {@snippet lang = "properties":
 * plugin.id=greeting
 * plugin.version=1.0.0
 * plugin.class=com.example.GreetingPlugin
 * plugin.requires=>=1.3.0 & <2.0.0
 * }
 *
 * <h2>What a plugin sees</h2>
 *
 * This package, SLF4J, the JDK and its own {@code lib/}; nothing of the host and nothing of other
 * plugins. The thread's context class loader is the plugin's during every call into it.
 *
 * <h2>Versions</h2>
 *
 * {@link org.postern.spi.Spi#VERSION} follows semantic versioning. Within a major version, methods
 * come only with a default and sealed types stay as they are.
 */
@NullMarked
package org.postern.spi;

import org.jspecify.annotations.NullMarked;
