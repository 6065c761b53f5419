package org.postern.host.server;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.Epoll;
import org.postern.platform.socket.ChannelDescriptors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several threads wait at one epoll(7): the kernel wakes one of them, so that no thread need wake
 * another.
 */
final class EpollPoller implements Poller {
  private static final Logger LOG = LoggerFactory.getLogger(EpollPoller.class);
  private static final int AT_ONCE = 256;
  private static final int FIRST_ROOM = 64;

  private final Epoll epoll = new Epoll();

  // What follows is guarded by this, but that a thread which learns of an event reads it.
  private volatile @Nullable Place[] places = new Place[FIRST_ROOM];
  private int[] free = new int[0];
  private int freeCount;
  private int used;

  /** By what it is found when there is an event: its place, and which one this is at that place. */
  private final class Place implements Registration {
    private final int descriptor;
    private final int place;
    private final int mode;
    private final Ready owner;
    private final long data;

    Place(int descriptor, int place, int generation, boolean onceOnly, Ready owner) {
      this.descriptor = descriptor;
      this.place = place;
      this.mode = onceOnly ? Epoll.EPOLLET : 0;
      this.owner = owner;
      this.data = (long) generation << Integer.SIZE | place;
    }

    @Override
    public void interest(boolean read, boolean write) {
      int events =
          (read ? Epoll.EPOLLIN | Epoll.EPOLLRDHUP : 0) | (write ? Epoll.EPOLLOUT : 0) | mode;
      try {
        epoll.modify(descriptor, events, data);
      } catch (IOException e) {
        // Its channel was closed by another thread, and with it goes all that was registered.
        LOG.debug("a channel is gone: {}", e.getMessage());
      }
    }

    @Override
    public void cancel() {
      if (mode == 0) {
        removed();
      }
      forget(this);
    }

    /** A socket that others listen at too is not gone when it is closed here. */
    private void removed() {
      try {
        epoll.remove(descriptor);
      } catch (IOException e) {
        LOG.debug("a channel is gone: {}", e.getMessage());
      }
    }
  }

  private int generation;

  EpollPoller() throws IOException {}

  @Override
  public synchronized Registration register(
      SelectableChannel channel, boolean onceOnly, Ready owner) throws IOException {
    int descriptor =
        ChannelDescriptors.of(channel)
            .orElseThrow(() -> new IOException("the channel has no descriptor"));
    int at = freeCount > 0 ? free[freeCount - 1] : used;
    if (at == places.length) {
      places = Arrays.copyOf(places, 2 * at);
    }
    // No place and generation may look like what says that somebody was woken.
    generation = (generation + 1) & Integer.MAX_VALUE;
    Place place = new Place(descriptor, at, generation, onceOnly, owner);
    epoll.add(descriptor, place.mode, place.data);
    if (at == used) {
      used++;
    } else {
      freeCount--;
    }
    places[at] = place;
    return place;
  }

  private synchronized void forget(Place place) {
    if (!place.equals(places[place.place])) {
      return;
    }
    places[place.place] = null;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, Math.max(FIRST_ROOM, 2 * freeCount));
    }
    free[freeCount++] = place.place;
  }

  @Override
  public Events events() {
    return new Waiting();
  }

  @Override
  public boolean severalMayWait() {
    return true;
  }

  @Override
  public void wakeUp() {
    epoll.wakeUp();
  }

  /** No thread may be waiting. */
  @Override
  public void close() {
    epoll.close();
  }

  private void tell(long data, int events) {
    Place place = data == Epoll.WOKEN ? null : places[(int) data];
    if (place != null && place.data == data) {
      boolean last = (events & (Epoll.EPOLLRDHUP | Epoll.EPOLLHUP | Epoll.EPOLLERR)) != 0;
      boolean failed = (events & (Epoll.EPOLLHUP | Epoll.EPOLLERR)) != 0;
      place.owner.ready(
          failed || (events & Epoll.EPOLLIN) != 0 || last, (events & Epoll.EPOLLOUT) != 0, last);
    }
  }

  private final class Waiting implements Events {
    private final Epoll.Events events = new Epoll.Events(AT_ONCE);
    private int next;

    @Override
    public void await(int milliseconds) throws IOException {
      next = 0;
      events.await(epoll, milliseconds);
    }

    @Override
    public boolean isEmpty() {
      return next >= events.count();
    }

    @Override
    public void dispatch() {
      while (!isEmpty()) {
        int index = next++;
        tell(events.data(index), events.events(index));
      }
    }

    @Override
    public Events handOver() {
      long[] data = new long[events.count() - next];
      int[] what = new int[data.length];
      for (int i = 0; !isEmpty(); i++) {
        data[i] = events.data(next);
        what[i] = events.events(next);
        next++;
      }
      return new HandedOver(data, what);
    }
  }

  private final class HandedOver implements Events {
    private final long[] data;
    private final int[] events;
    private int next;

    HandedOver(long[] data, int[] events) {
      this.data = data;
      this.events = events;
    }

    @Override
    public void await(int milliseconds) {
      throw new IllegalStateException("nobody waits here");
    }

    @Override
    public boolean isEmpty() {
      return next == data.length;
    }

    @Override
    public void dispatch() {
      while (!isEmpty()) {
        int index = next++;
        tell(data[index], events[index]);
      }
    }

    @Override
    public Events handOver() {
      return this;
    }
  }
}
