package org.postern.program.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Stands before what writes the log. At first lines are written by the thread that has them. From
 * {@link #start(Runnable)} on they wait in a bounded queue for a thread of their own: whoever reads
 * the log may be slow, or not read at all, and no client waits for that. What does not fit is
 * counted, and the count is written when lines can be written again.
 */
final class LogQueue extends UnsynchronizedAppenderBase<ILoggingEvent> {
  /** Each is a few kilobytes at most: {@link ShortEvent}. */
  static final int CAPACITY = 1000;

  private final BlockingQueue<ILoggingEvent> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong accepted = new AtomicLong();
  private final Object writing = new Object();

  private volatile Appender<ILoggingEvent> target;
  private volatile @Nullable Thread writer;

  /** How many of those accepted are written; guarded by this. */
  private long written;

  /** The writer was waited for in vain: it is stuck. */
  private volatile boolean stuck;

  LogQueue(Appender<ILoggingEvent> target) {
    this.target = target;
  }

  /** Writes elsewhere from now on. */
  void replaceTarget(Appender<ILoggingEvent> changed) {
    synchronized (writing) {
      target.stop();
      target = changed;
    }
  }

  /**
   * Has lines written by a thread of its own from now on.
   *
   * @param everyMinute what else that thread does, and does not wait
   */
  synchronized void start(Runnable everyMinute) {
    if (writer == null) {
      Thread thread =
          Thread.ofPlatform().name("log").daemon().unstarted(() -> writeAll(everyMinute));
      writer = thread;
      thread.start();
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    ILoggingEvent line = ShortEvent.of(event);
    if (writer == null) {
      write(line);
    } else if (queue.offer(line)) {
      accepted.incrementAndGet();
    } else {
      lost.incrementAndGet();
    }
  }

  private void write(ILoggingEvent event) {
    synchronized (writing) {
      target.doAppend(event);
    }
  }

  private void writeAll(Runnable everyMinute) {
    long due = System.nanoTime() + RepeatLimit.PAUSE.toNanos();
    try {
      while (true) {
        ILoggingEvent event = queue.poll(due - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (event != null) {
          write(event);
          sayLost();
          oneWritten();
        }
        if (System.nanoTime() - due >= 0) {
          due += RepeatLimit.PAUSE.toNanos();
          everyMinute.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sayLost() {
    long count = lost.getAndSet(0);
    if (count > 0) {
      LoggingEvent event = new LoggingEvent();
      event.setLoggerName(LogQueue.class.getName());
      event.setThreadName(Thread.currentThread().getName());
      event.setLevel(Level.WARN);
      event.setTimeStamp(System.currentTimeMillis());
      event.setMessage(
          "%d lines of the log are lost: they came faster than they could be written"
              .formatted(count));
      if (getContext() instanceof LoggerContext context) {
        event.setLoggerContext(context);
      }
      write(event);
    }
  }

  private synchronized void oneWritten() {
    written++;
    notifyAll();
  }

  /** Waits until what was logged so far is written, but not for ever, and not again after that. */
  void flush(Duration atMost) {
    if (writer == null || writer == Thread.currentThread() || stuck) {
      return;
    }
    long wanted = accepted.get();
    long end = System.nanoTime() + atMost.toNanos();
    try {
      synchronized (this) {
        while (written < wanted) {
          long left = end - System.nanoTime();
          if (left <= 0) {
            stuck = true;
            return;
          }
          TimeUnit.NANOSECONDS.timedWait(this, left);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
