package org.postern.host.server;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.util.Iterator;

/** The JDK's selector, at which one thread waits at a time. */
final class SelectorPoller implements Poller {
  private final Selector selector = Selector.open();
  private final Events events = new Selected();

  SelectorPoller() throws IOException {}

  private record Key(SelectionKey key, int read) implements Registration {
    @Override
    public void interest(boolean read, boolean write) {
      int wanted = (read ? this.read : 0) | (write ? SelectionKey.OP_WRITE : 0);
      try {
        if (key.interestOps() != wanted) {
          key.interestOps(wanted);
        }
      } catch (CancelledKeyException e) {
        // Its channel was closed by another thread.
      }
    }

    @Override
    public void cancel() {
      // Closing the channel does so.
    }
  }

  @Override
  public Registration register(SelectableChannel channel, boolean onceOnly, Ready owner)
      throws ClosedChannelException {
    int read =
        channel instanceof ServerSocketChannel ? SelectionKey.OP_ACCEPT : SelectionKey.OP_READ;
    return new Key(channel.register(selector, 0, owner), read);
  }

  @Override
  public Events events() {
    return events;
  }

  @Override
  public boolean severalMayWait() {
    return false;
  }

  @Override
  public void wakeUp() {
    selector.wakeup();
  }

  @Override
  public void close() throws IOException {
    selector.close();
  }

  private final class Selected implements Events {
    @Override
    public void await(int milliseconds) throws IOException {
      if (milliseconds == 0) {
        selector.selectNow();
      } else {
        selector.select(milliseconds);
      }
    }

    @Override
    public boolean isEmpty() {
      return selector.selectedKeys().isEmpty();
    }

    @Override
    public void dispatch() {
      Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
      while (keys.hasNext()) {
        SelectionKey key = keys.next();
        keys.remove();
        try {
          int ready = key.readyOps();
          boolean readable = (ready & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT)) != 0;
          ((Ready) key.attachment()).ready(readable, (ready & SelectionKey.OP_WRITE) != 0, false);
        } catch (CancelledKeyException e) {
          // Its channel was closed meanwhile.
        }
      }
    }

    @Override
    public Events handOver() {
      throw new IllegalStateException("no other thread waits");
    }
  }
}
