/** Tables whose content is text in a file, in main.cf or in the table's name. */
@NullMarked
package org.postern.driver.textfile;

import org.jspecify.annotations.NullMarked;
