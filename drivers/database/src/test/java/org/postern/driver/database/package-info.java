@NullMarked
package org.postern.driver.database;

import org.jspecify.annotations.NullMarked;
