/**
 * Makes, changes, asks and lists tables without a server: what postmap(1) does, for {@code postern
 * map}.
 *
 * <p>{@link org.postern.program.map.TableLoad} makes a table from a {@link
 * org.postern.program.map.MapInput}, or adds to one. {@link org.postern.program.map.AskedTable} is
 * a table that is asked, walked or deleted from, and {@link org.postern.program.map.AskedTables}
 * several of which the first answer counts, for keys from {@link org.postern.program.map.KeyLines}
 * or {@link org.postern.program.map.MessageKeys}. {@link org.postern.program.map.Conversion} moves
 * a table to another type.
 *
 * <p>Whatever cannot be done is a {@link org.postern.program.map.MapException}, in Postfix's words
 * where it has some.
 */
@NullMarked
package org.postern.program.map;

import org.jspecify.annotations.NullMarked;
