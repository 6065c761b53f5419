/** The contract that every table driver must pass: one class per capability. */
@NullMarked
package org.postern.testkit;

import org.jspecify.annotations.NullMarked;
