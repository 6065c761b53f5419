/** What is SQLite's own: sqlite_table(5). */
@NullMarked
package org.postern.driver.sql.sqlite;

import org.jspecify.annotations.NullMarked;
