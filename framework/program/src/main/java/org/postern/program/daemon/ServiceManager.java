package org.postern.program.daemon;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.DatagramClient;
import org.postern.platform.socket.InheritedSockets;
import org.postern.platform.socket.ServiceSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * systemd, or what speaks as it does: the sockets that it hands down (sd_listen_fds(3)), and what
 * it is told (sd_notify(3)). Without one, there are none, and nothing is told.
 */
public final class ServiceManager {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
  private static final int FIRST_DESCRIPTOR = 3;

  private ServiceManager() {}

  /** The socket of that path that was handed down to this process; null when there is none. */
  static @Nullable ServiceSocket socket(Path path) throws IOException {
    if (!Long.toString(ProcessHandle.current().pid()).equals(System.getenv("LISTEN_PID"))) {
      return null;
    }
    int count = Integer.parseInt(System.getenv().getOrDefault("LISTEN_FDS", "0"));
    for (int i = 0; i < count; i++) {
      ServerSocketChannel channel = InheritedSockets.listening(FIRST_DESCRIPTOR + i);
      if (channel.getLocalAddress() instanceof UnixDomainSocketAddress address
          && address.getPath().equals(path)) {
        return ServiceSocket.inherited(path.toString(), channel);
      }
    }
    LOG.warn("no socket {} was handed down: one is made", path);
    return null;
  }

  /** Clients are served. */
  public static void sayReady() {
    say("READY=1");
  }

  /** The configuration is being read again; {@link #sayReady} is said when it has been. */
  public static void sayReloading() {
    say("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
  }

  /** No more clients are served. */
  public static void sayStopping() {
    say("STOPPING=1");
  }

  private static void say(String what) {
    String address = System.getenv("NOTIFY_SOCKET");
    if (address == null) {
      return;
    }
    try (DatagramClient manager = DatagramClient.connect(address)) {
      manager.send(what.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.warn("cannot tell the service manager {}: {}", what, e.getMessage());
    }
  }
}
