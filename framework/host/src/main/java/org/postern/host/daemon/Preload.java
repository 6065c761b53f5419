package org.postern.host.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import javax.net.ssl.SSLContext;
import jdk.net.ExtendedSocketOptions;
import org.postern.host.plugin.Plugins;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads what would be loaded later: before this process leaves the file system that it was started
 * in, or becomes somebody who may not read what it is installed in.
 */
public final class Preload {
  private static final Logger LOG = LoggerFactory.getLogger(Preload.class);

  private Preload() {}

  /** Loads it. What is not there is logged, and missed only by who needs it. */
  public static void everything(Plugins plugins) throws IOException {
    plugins.preload();
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
