/**
 * One request, from what was asked to what is answered: approval, the open table, the rules for
 * text, the table's answer. Knows no socket.
 *
 * <p>{@link org.postern.host.service.TableService} is one of the two services. A request that
 * cannot be answered at once, because its table is being opened or waits for a backend, is {@link
 * org.postern.host.service.Deferred}; a backend's waiting is done by its own {@link
 * org.postern.host.service.BackendWorkers}.
 *
 * <p>Security: a table is approved before anything is opened for it. What a client sends is made
 * printable before it is logged.
 */
@NullMarked
package org.postern.host.service;

import org.jspecify.annotations.NullMarked;
