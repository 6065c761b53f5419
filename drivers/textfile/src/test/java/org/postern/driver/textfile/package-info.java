/** Each type held against the contract, against transcripts, and against postmap(1) itself. */
@NullMarked
package org.postern.driver.textfile;

import org.jspecify.annotations.NullMarked;
