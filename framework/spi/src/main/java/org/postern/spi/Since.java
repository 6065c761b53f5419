package org.postern.spi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Since which version of the spi a type or a method is there; without it, since 1.0. The host reads
 * it to find plugins that say they work with an earlier version than they use.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Since {
  /** Major and minor version: {@code 1.2}. */
  String value();
}
