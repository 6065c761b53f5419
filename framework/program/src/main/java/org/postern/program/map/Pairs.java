package org.postern.program.map;

import java.io.IOException;

/** What is done with each pair of a walk. */
public interface Pairs {
  void pair(byte[] key, byte[] value) throws IOException;
}
