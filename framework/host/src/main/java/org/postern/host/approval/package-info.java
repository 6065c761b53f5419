/**
 * Which tables a client may ask for: those that the operator listed with {@code proxy:} in
 * proxy_read_maps or proxy_write_maps. Checked before anything is opened, since a table's name is a
 * client's to choose and opening one touches files and databases with Postern's rights.
 *
 * <p>{@link org.postern.host.approval.TableApproval} answers the question; {@link
 * org.postern.host.approval.TableList} finds the tables in a parameter's value as proxymap(8) does;
 * {@link org.postern.host.approval.Words} splits values; {@link
 * org.postern.host.approval.Attribution} tells the operator which parameter brought a table in.
 *
 * <p>Known limit: approval is by name. Who can write the file behind an approved name decides what
 * it answers, as with proxymap(8).
 */
@NullMarked
package org.postern.host.approval;

import org.jspecify.annotations.NullMarked;
