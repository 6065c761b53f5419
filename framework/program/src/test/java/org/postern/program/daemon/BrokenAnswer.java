package org.postern.program.daemon;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.postern.spi.Found;
import org.postern.spi.LookupResult;

/** An answer that cannot be made by a constructor, and stands for all that can go wrong later. */
final class BrokenAnswer {
  private BrokenAnswer() {}

  /** A {@link Found} whose value is null. */
  static LookupResult withoutValue() {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      Method allocate = unsafe.getMethod("allocateInstance", Class.class);
      return (LookupResult) allocate.invoke(instance.get(null), Found.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
