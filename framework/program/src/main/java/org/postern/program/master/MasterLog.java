package org.postern.program.master;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postern.config.ConfigurationException;
import org.postern.platform.libc.SystemLog;
import org.postern.program.log.LogSetup;

/**
 * Where a child of master(8) logs, as Postfix 3.4 and later decide it: to postlogd(8) when
 * maillog_file is set, and to the system's log otherwise.
 */
public final class MasterLog {
  private final Map<String, String> environment;
  private final @Nullable String syslogName;

  /**
   * @param environment what master(8) has set
   * @param syslogName that of {@code -o syslog_name=}, which counts for more than master's; or null
   */
  public MasterLog(Map<String, String> environment, @Nullable String syslogName) {
    this.environment = environment;
    this.syslogName = syslogName;
  }

  /** Logs where master(8) does: the configuration is not known, or cannot be read. */
  public void open() {
    open(_ -> Optional.empty());
  }

  /**
   * Logs where the configuration says.
   *
   * @param parameters the value of a parameter
   * @throws ConfigurationException when there is no such syslog_facility
   */
  public void open(Function<String, Optional<String>> parameters) {
    open(parameters, Path.of("/"));
  }

  /** Goes on in queue_directory as the root directory. A connection to the system's log is kept. */
  public void inJail(Function<String, Optional<String>> parameters) {
    if (toPostlog(parameters)) {
      open(parameters, Path.of(parameters.apply("queue_directory").orElse("/")));
    }
  }

  private boolean toPostlog(Function<String, Optional<String>> parameters) {
    return parameters
        .apply("maillog_file")
        .map(file -> !file.isEmpty())
        .orElse(environment.containsKey("POSTLOG_SERVICE"));
  }

  private void open(Function<String, Optional<String>> parameters, Path root) {
    String name =
        Optional.ofNullable(syslogName)
            .or(() -> Optional.ofNullable(environment.get("MAIL_LOGTAG")))
            .or(() -> parameters.apply("syslog_name"))
            .orElse("postfix");
    String facility = parameters.apply("syslog_facility").orElse("mail");
    if (!SystemLog.isFacility(facility)) {
      throw new ConfigurationException(
          "parameter syslog_facility: unknown facility: \"" + facility + "\"");
    }
    if (toPostlog(parameters)) {
      Path socket =
          Path.of(
              Optional.ofNullable(environment.get("POSTLOG_SERVICE"))
                  .orElseGet(
                      () -> parameters.apply("queue_directory").orElse("") + "/public/postlog"));
      if (socket.startsWith(root)) {
        socket = Path.of("/").resolve(root.relativize(socket));
      }
      String host =
          Optional.ofNullable(environment.get("POSTLOG_HOSTNAME"))
              .or(() -> parameters.apply("myhostname"))
              .orElse("");
      LogSetup.postlog(name, facility, socket, host);
    } else {
      LogSetup.syslog(name, facility);
    }
  }
}
