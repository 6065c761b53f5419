/**
 * The daemon: answers the open, lookup, update, delete and sequence requests of Postfix's
 * proxymap(8) protocol on UNIX-domain sockets, for approved tables, through drivers that plugins
 * bring. {@code docs/architecture.md} has the way of one lookup through the packages.
 *
 * <p>Security: whoever can connect to a socket may ask for every approved table, and over the
 * read-write service change those approved for it; the mode of the sockets' directory decides who
 * can. Approval is checked before anything is opened. Clients are not trusted: sizes, times and
 * numbers are bounded, each by a parameter. Plugins and the configuration are trusted, and plugins
 * that others can write are refused.
 *
 * <p>Known limits: a table on the event loop that blocks would delay everybody; drivers must give a
 * backend to whatever may wait.
 */
@NullMarked
package org.postern.host;

import org.jspecify.annotations.NullMarked;
