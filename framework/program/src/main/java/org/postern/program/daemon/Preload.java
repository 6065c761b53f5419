package org.postern.program.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import javax.net.ssl.SSLContext;
import jdk.net.ExtendedSocketOptions;
import org.postern.loader.Plugins;
import org.postern.platform.libc.Epoll;
import org.postern.platform.libc.ProcessIdentity;
import org.postern.platform.libc.SystemLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads what would be loaded later: beside other work, or before this process leaves the file
 * system that it was started in.
 */
public final class Preload {
  private static final Logger LOG = LoggerFactory.getLogger(Preload.class);

  private Preload() {}

  /**
   * Begins to load, on a thread of its own, what each daemon comes to and what takes long: calls of
   * the C library, and the JDK's sockets. To be called first: the command line, the configuration
   * and the plugins keep another thread busy meanwhile.
   */
  public static void beside() {
    Thread.ofPlatform().daemon().name("preload").start(Preload::system);
  }

  /**
   * Begins to open, on a thread of its own, the archives that classes come from. A package manager
   * replaces and removes them under the process, some time before it is restarted: a table type
   * that is used for the first time meanwhile must find its classes.
   */
  public static void archivesBeside(Plugins plugins) {
    Thread.ofPlatform()
        .daemon()
        .name("archives")
        .start(() -> {
          try {
            plugins.holdArchives();
          } catch (IOException | RuntimeException e) {
            LOG.info("not all archives can be kept open: {}", e.toString());
          }
        });
  }

  private static void system() {
    LOG.trace("the C library is linked: user {}", ProcessIdentity.user());
    try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Epoll epoll = new Epoll()) {
      LOG.trace("sockets: {} {}", socket, epoll);
    } catch (IOException e) {
      LOG.debug("sockets: {}", e.toString());
    }
  }

  /** Loads it. What is not there is logged, and missed only by who needs it. */
  public static void everything(Plugins plugins) throws IOException {
    plugins.preload();
    system();
    SystemLog.connect();
    try (InputStream resource = Object.class.getResourceAsStream("Object.class")) {
      LOG.trace("the runtime's image is open: {}", resource != null);
    }
    try {
      new SecureRandom().nextInt();
      SSLContext.getDefault().getSocketFactory();
    } catch (GeneralSecurityException e) {
      LOG.info("no TLS: {}", e.toString());
    }
    // The C library loads what resolves names.
    InetAddress.getByName("localhost");
    LOG.trace(
        "{} {}", ZonedDateTime.now(ZoneId.systemDefault()), ExtendedSocketOptions.TCP_KEEPIDLE);
  }
}
