/**
 * What the operator wrote: {@code main.cf}, {@code postern.cf} beside it, and {@code -o
 * name=value}, in the syntax of postconf(5).
 *
 * <ol>
 *   <li>{@link org.postern.config.LogicalLines} joins continuation lines and drops comments, {@link
 *       org.postern.config.MainCfParser} splits them into {@link org.postern.config.Setting}s.
 *   <li>{@link org.postern.config.Configuration} puts the settings of all sources over the defaults
 *       ({@link org.postern.config.PosternParameters}, {@link org.postern.config.PostfixDefaults})
 *       and hands out expanded, typed values.
 *   <li>{@link org.postern.config.InstalledPostfix} asks postconf(1) what differs on this machine,
 *       once, when a program starts.
 *   <li>{@link org.postern.config.Expansion} evaluates {@code $name}, conditions and comparisons,
 *       with {@link org.postern.config.Comparison} and {@link org.postern.config.NamedFunction} for
 *       its parts.
 * </ol>
 *
 * <p>All text in this package is a byte string: one {@code char} for each byte (ISO-8859-1), so
 * that nothing of a file is lost and a table name can be compared with the bytes of a request. Only
 * {@link org.postern.config.Configuration#parameters()} decodes it, for drivers.
 *
 * <p>Whatever is wrong becomes a {@link org.postern.config.ConfigurationException} whose message
 * names the file, the line, the parameter and the value.
 */
@NullMarked
package org.postern.config;

import org.jspecify.annotations.NullMarked;
