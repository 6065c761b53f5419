@NullMarked
package org.postern.program.command;

import org.jspecify.annotations.NullMarked;
