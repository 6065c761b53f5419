package org.postern.program.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postern.platform.libc.DatagramClient;
import org.postern.platform.libc.SystemLog;

/**
 * Logs to postlogd(8), which writes each datagram to {@code maillog_file} as it is; to the system's
 * log, which has been opened, while postlogd cannot be reached.
 */
final class PostlogAppender extends AppenderBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH);

  private final Path socket;
  private final String sender;
  private @Nullable DatagramClient connected;

  /**
   * @param socket of postlogd(8)
   * @param host whose log it is
   * @param program what stands before each line, with its process id
   */
  PostlogAppender(Path socket, String host, String program) {
    this.socket = socket;
    this.sender = " " + host.split("\\.", 2)[0] + " " + program;
  }

  @Override
  protected void append(ILoggingEvent event) {
    String head = TIME.format(event.getInstant().atZone(ZoneId.systemDefault())) + sender;
    for (String line : PostfixLayout.lines(event)) {
      byte[] datagram = (head + line).getBytes(ISO_8859_1);
      boolean sent = false;
      for (int tries = 0; tries < 2 && !sent; tries++) {
        sent = send(datagram);
      }
      if (!sent) {
        SystemLog.log(PostfixLayout.syslogLevel(event.getLevel()), line);
      }
    }
  }

  /** Sends it. After a failure, the next one is sent by a new connection. */
  private boolean send(byte[] datagram) {
    try {
      DatagramClient client = connected;
      if (client == null) {
        client = DatagramClient.connect(socket.toString());
        connected = client;
      }
      client.send(datagram);
      return true;
    } catch (IOException e) {
      disconnect();
      return false;
    }
  }

  private void disconnect() {
    DatagramClient client = connected;
    connected = null;
    if (client != null) {
      try {
        client.close();
      } catch (IOException e) {
        addError("closing the connection to postlogd", e);
      }
    }
  }

  @Override
  public void stop() {
    disconnect();
    super.stop();
  }
}
