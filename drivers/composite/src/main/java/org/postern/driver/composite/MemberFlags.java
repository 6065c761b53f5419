package org.postern.driver.composite;

import org.postern.spi.TableFlags;

/** The instance flags that can make a difference to some member. */
final class MemberFlags {
  static final int INSTANCE_FLAGS =
      TableFlags.TRY0NULL
          | TableFlags.TRY1NULL
          | TableFlags.NO_REGSUB
          | TableFlags.NO_UNAUTH
          | TableFlags.FOLD_FIX
          | TableFlags.FOLD_MUL
          | TableFlags.UTF8_REQUEST
          | TableFlags.SRC_RHS_IS_FILE;

  private MemberFlags() {}
}
