/**
 * What an operator types. {@link org.postern.program.command.Postern} is the program; each command
 * is a class named after it. The work is done elsewhere: a command reads its arguments, calls, and
 * prints.
 */
@NullMarked
package org.postern.program.command;

import org.jspecify.annotations.NullMarked;
