package org.postern.platform.libc;

import java.lang.foreign.Arena;

/** As whom this process acts. */
public final class EffectiveUser {
  private EffectiveUser() {}

  /** A user's number; 0 is root. */
  public static int id() {
    try (Arena arena = Arena.ofConfined()) {
      return (int) LibC.GETEUID.call(arena.allocate(CFunction.CALL_STATE));
    }
  }
}
