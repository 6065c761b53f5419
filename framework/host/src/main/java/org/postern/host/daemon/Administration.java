package org.postern.host.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;
import org.postern.host.admin.AdminException;
import org.postern.host.admin.AdminRequest;
import org.postern.host.admin.AdminServer;
import org.postern.host.approval.Service;
import org.postern.host.client.TableClient;
import org.postern.host.config.ConfigurationException;
import org.postern.host.text.ByteStrings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators ask of a daemon at its admin socket. */
public final class Administration implements AdminServer.Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Administration.class);

  private final Daemon daemon;
  private final Reloading reloading;

  public Administration(Daemon daemon, Reloading reloading) {
    this.daemon = daemon;
    this.reloading = reloading;
  }

  @Override
  public Record answer(AdminRequest request) throws AdminException, InterruptedException {
    return switch (request.command()) {
      case "status" -> daemon.status();
      case "explain" -> explain(request);
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
    return daemon
        .explain(service, ByteStrings.of(table), key.getBytes(UTF_8), flags)
        .orElseThrow(() -> new AdminException("the service " + name + " is not served here"));
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
