package org.postern.platform.socket;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.nio.channels.SelectableChannel;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The number of a channel's descriptor, which the JDK keeps to itself: to be had where the program
 * opens {@code sun.nio.ch}, as Postern's own does.
 */
public final class ChannelDescriptors {
  private static final @Nullable Method DESCRIPTOR = method();

  private ChannelDescriptors() {}

  private static @Nullable Method method() {
    try {
      Method method = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
      method.setAccessible(true);
      return method;
    } catch (ReflectiveOperationException | InaccessibleObjectException e) {
      return null;
    }
  }

  /** Whether they can be had. */
  public static boolean areKnown() {
    return DESCRIPTOR != null;
  }

  /** That of one channel, while it is open. */
  public static OptionalInt of(SelectableChannel channel) {
    Method method = DESCRIPTOR;
    try {
      return method == null ? OptionalInt.empty() : OptionalInt.of((int) method.invoke(channel));
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      return OptionalInt.empty();
    }
  }
}
