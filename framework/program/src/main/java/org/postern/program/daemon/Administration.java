package org.postern.program.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.host.approval.Service;
import org.postern.operations.admin.AdminException;
import org.postern.operations.admin.AdminRequest;
import org.postern.operations.admin.AdminServer;
import org.postern.operations.check.CheckReport;
import org.postern.operations.client.TableClient;
import org.postern.platform.libc.ProcessIdentity;
import org.postern.platform.text.ByteStrings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators ask of a daemon at its admin socket. */
public final class Administration implements AdminServer.Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Administration.class);

  private final Daemon daemon;
  private final Reloading reloading;
  private final List<String> problems;

  public Administration(Daemon daemon, Reloading reloading) {
    this(daemon, reloading, List.of());
  }

  /**
   * @param problems what was wrong at the start, and is to be told to those who ask for a check
   */
  public Administration(Daemon daemon, Reloading reloading, List<String> problems) {
    this.daemon = daemon;
    this.reloading = reloading;
    this.problems = List.copyOf(problems);
  }

  @Override
  public Record answer(AdminRequest request) throws AdminException, InterruptedException {
    return switch (request.command()) {
      case "status" -> daemon.status();
      case "explain" -> explain(request);
      case "check" -> check();
      case "reload" -> reload();
      case "log-level" -> logLevel(request);
      default ->
          throw new AdminException(
              "unknown command: "
                  + request.command()
                  + "; this is Postern "
                  + daemon.status().version());
    };
  }

  private Record explain(AdminRequest request) throws AdminException, InterruptedException {
    String name = request.service().orElse(Service.PROXYMAP.serviceName());
    Service service =
        Arrays.stream(Service.values())
            .filter(one -> one.serviceName().equals(name))
            .findFirst()
            .orElseThrow(() -> new AdminException("no such service: " + name));
    String table = request.table().orElseThrow(() -> new AdminException("which table?"));
    String key = request.key().orElseThrow(() -> new AdminException("which key?"));
    int flags =
        request.keepCase().orElse(false) ? TableClient.CASE_KEPT : TableClient.DEFAULT_FLAGS;
    reloading.look();
    return daemon
        .explain(service, ByteStrings.of(table), key.getBytes(UTF_8), flags)
        .orElseThrow(() -> new AdminException("the service " + name + " is not served here"));
  }

  /** What is on disk now counts, as for a client whose request would be denied. */
  private Record check() throws InterruptedException {
    reloading.look();
    String by =
        "the running server, process %d, as %s"
            .formatted(ProcessHandle.current().pid(), ProcessIdentity.userName());
    List<String> wrong = new ArrayList<>(problems);
    reloading
        .trouble()
        .ifPresent(reason ->
            wrong.add(
                "the configuration on disk cannot be loaded, the one from before is in force: "
                    + reason));
    Configuration configuration = reloading.inForce();
    wrong.addAll(configuration.warnings());
    List<CheckReport> reports = new ArrayList<>(daemon.check(by));
    reports.addFirst(CheckReport.of(configuration, by, wrong));
    return CheckReport.of(reports);
  }

  private Record reload() throws AdminException {
    try {
      return reloading.reload();
    } catch (ConfigurationException e) {
      throw new AdminException("the configuration stays as it was: " + e.getMessage());
    }
  }

  private static Record logLevel(AdminRequest request) throws AdminException {
    Optional<String> wanted = request.level();
    if (wanted.isEmpty()) {
      return LogLevel.now();
    }
    LogLevel set =
        LogLevel.set(wanted.get())
            .orElseThrow(() ->
                new AdminException(
                    "no such level: " + wanted.get() + "; there are info, debug and trace"));
    LOG.info("the log level is {} now, and was {}", set.level(), set.before().orElse(""));
    return set;
  }
}
