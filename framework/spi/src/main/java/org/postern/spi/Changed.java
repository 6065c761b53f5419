package org.postern.spi;

/** The change is made and on disk. */
public enum Changed implements ChangeResult {
  CHANGED
}
