package org.postern.host.master;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postern.host.config.ConfigurationException;
import org.postern.host.libc.SystemLog;
import org.postern.host.log.LogSetup;

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
    Optional<String> postlog = Optional.ofNullable(environment.get("POSTLOG_SERVICE"));
    boolean hasFile =
        parameters.apply("maillog_file").map(file -> !file.isEmpty()).orElse(postlog.isPresent());
    if (hasFile) {
      String socket =
          postlog.orElseGet(
              () -> parameters.apply("queue_directory").orElse("") + "/public/postlog");
      String host =
          Optional.ofNullable(environment.get("POSTLOG_HOSTNAME"))
              .or(() -> parameters.apply("myhostname"))
              .orElse("");
      LogSetup.postlog(name, facility, Path.of(socket), host);
    } else {
      LogSetup.syslog(name, facility);
    }
  }
}
