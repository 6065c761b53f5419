/**
 * The manual pages and the completion of a shell, made in the build and shipped as files; these
 * classes are not. What a page says stands once: options in the commands, parameters in {@link
 * org.postern.config.PosternParameters}, all else in {@code docs/}, from where templates in {@code
 * src/main/manual} fetch it.
 *
 * <p>{@link org.postern.manual.Manual} is the program. A {@link org.postern.manual.ManualPage} is
 * Markdown with {@link org.postern.manual.Directive}s in it; {@link
 * org.postern.manual.MarkdownToRoff} makes it man(7).
 */
@NullMarked
package org.postern.manual;

import org.jspecify.annotations.NullMarked;
