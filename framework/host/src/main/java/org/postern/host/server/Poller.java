package org.postern.host.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import org.postern.platform.socket.ChannelDescriptors;

/** What tells an event loop which of its channels are ready. */
interface Poller extends Closeable {

  /** What a channel's owner does when it is ready, on the thread that leads the loop. */
  interface Ready {
    /**
     * Takes what there is.
     *
     * @param readable there is something to read, or to accept, or the end of the stream
     * @param writable there is room for something to be written
     * @param last the other side writes no more: what comes after this will not be told
     */
    void ready(boolean readable, boolean writable, boolean last);
  }

  /** A channel that is looked at; until the channel is closed. Any thread may call. */
  interface Registration {
    /** What to look for from now on. What it is ready for by now is told again. */
    void interest(boolean read, boolean write);

    /** The channel is about to be closed: nothing of it is told any more. */
    void cancel();
  }

  /** What one thread learns when it waits. */
  interface Events {
    /**
     * Waits until a channel is ready, or {@link #wakeUp} is called.
     *
     * @param milliseconds for how long at most; 0 not at all
     */
    void await(int milliseconds) throws IOException;

    boolean isEmpty();

    /**
     * Has each of the channels taken care of, and is empty then. By the thread that leads. What
     * comes after one whose owner throws something is left for the next call.
     */
    void dispatch();

    /** Another one with the same events in it, which this one has no more. */
    Events handOver();
  }

  /** One that several threads can wait at, where this Java machine lets it; else the JDK's. */
  static Poller open() throws IOException {
    return ChannelDescriptors.areKnown() ? new EpollPoller() : new SelectorPoller();
  }

  /**
   * Looks at a channel, and for nothing of it before {@link Registration#interest} is called.
   *
   * @param onceOnly whether what is told is told once, until something new comes: the owner takes
   *     all that there is
   */
  Registration register(SelectableChannel channel, boolean onceOnly, Ready owner)
      throws IOException;

  /** For one thread. */
  Events events();

  /** Whether several threads may wait at a time. */
  boolean severalMayWait();

  /** Has a thread return from waiting, or not begin to. Any thread may call. */
  void wakeUp();
}
