/**
 * The open tables: opened once however many ask, shared by all clients, opened anew when their
 * source changes, and answering RETRY while they cannot be opened.
 *
 * <p>{@link org.postern.host.table.OpenTables} is the cache, one for each service. An {@link
 * org.postern.host.table.OpenTable} is one entry: its {@link org.postern.host.table.TableState}
 * says what a request can expect. What it holds while it is ready is a {@link
 * org.postern.host.table.TableInstance}, which is closed when it has been replaced and its last use
 * has ended. {@link org.postern.host.table.SourceWatch} looks after all of them once a second.
 */
@NullMarked
package org.postern.host.table;

import org.jspecify.annotations.NullMarked;
