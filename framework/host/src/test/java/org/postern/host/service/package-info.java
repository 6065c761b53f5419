@NullMarked
package org.postern.host.service;

import org.jspecify.annotations.NullMarked;
