@NullMarked
package org.postern.driver.sql;

import org.jspecify.annotations.NullMarked;
