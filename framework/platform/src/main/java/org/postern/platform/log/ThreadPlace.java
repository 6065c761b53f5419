package org.postern.platform.log;

import java.util.Arrays;
import java.util.Optional;

/** What a thread is at, in a few words for the log: so that who has made a plugin finds it. */
public final class ThreadPlace {
  private ThreadPlace() {}

  /** {@code Thread.sleep, called at com.example.Lookup.find(Lookup.java:12)}. */
  public static String of(Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    if (stack.length == 0) {
      return "nowhere";
    }
    Optional<StackTraceElement> caller =
        Arrays.stream(stack).filter(frame -> !isOfJdk(frame.getClassName())).findFirst();
    return caller
        .filter(frame -> !frame.equals(stack[0]))
        .map(frame -> name(stack[0]) + ", called at " + frame)
        .orElseGet(() -> stack[0].toString());
  }

  private static boolean isOfJdk(String className) {
    return className.startsWith("java.")
        || className.startsWith("jdk.")
        || className.startsWith("sun.");
  }

  private static String name(StackTraceElement frame) {
    String className = frame.getClassName();
    return className.substring(className.lastIndexOf('.') + 1) + '.' + frame.getMethodName();
  }
}
