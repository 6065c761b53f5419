package org.postern.program.daemon;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The signals that steer a daemon, in the order in which they come.
 *
 * <p>{@code sun.misc.Signal}, exported by jdk.unsupported, is the only way that the JDK has to hear
 * SIGHUP and to exit 0 on SIGTERM. It is called by reflection because the compiler's warning about
 * it cannot be suppressed.
 */
public final class Signals {
  /** What a signal asks for. */
  public enum Asked {
    /** SIGTERM, or SIGINT from a terminal. */
    END,
    /** SIGHUP. */
    REREAD
  }

  private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

  private Signals() {}

  /** Takes the place of what the JVM does at these signals, which is to exit at once. */
  public static Signals listen() {
    Signals signals = new Signals();
    signals.handle("TERM", Asked.END);
    signals.handle("INT", Asked.END);
    signals.handle("HUP", Asked.REREAD);
    return signals;
  }

  private void handle(String name, Asked meaning) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object take =
          Proxy.newProxyInstance(
              handler.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> offer(meaning));
      Method handle = signal.getMethod("handle", signal, handler);
      handle.invoke(null, signal.getConstructor(String.class).newInstance(name), take);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java runtime has no jdk.unsupported module", e);
    }
  }

  private @Nullable Object offer(Asked meaning) {
    ask(meaning);
    return null;
  }

  /** Asks for something as a signal does. Any thread may call. */
  public void ask(Asked meaning) {
    asked.add(meaning);
  }

  /** Waits for the next one. */
  public Asked next() throws InterruptedException {
    return asked.take();
  }

  /** Waits for the next one, but not for ever; null when none came. */
  public @Nullable Asked next(Duration atMost) throws InterruptedException {
    return asked.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }
}
