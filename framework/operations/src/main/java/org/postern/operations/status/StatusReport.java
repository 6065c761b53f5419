package org.postern.operations.status;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import org.postern.operations.json.RecordJson;

/**
 * How a running Postern is at one moment. Names of tables and what went wrong come from clients and
 * servers: printable, not more.
 *
 * @param version of Postern
 * @param started when it started to serve
 * @param taken when this was true
 * @param pid its process id
 * @param durationBounds seconds: the bounds between which {@link RequestStatus} counts durations
 * @param tables every table that is approved, was asked for, or is a part of one; of each service
 * @param denials requests that were refused, by table; the latest first
 * @param backends those that have been waited for
 * @param servers those of databases and directories
 */
public record StatusReport(
    String version,
    Instant started,
    Instant taken,
    long pid,
    List<Double> durationBounds,
    List<ServiceStatus> services,
    List<TableStatus> tables,
    List<DenialStatus> denials,
    List<BackendStatus> backends,
    List<ServerStatus> servers,
    ClientsStatus clients,
    ReloadsStatus reloads) {

  public StatusReport {
    durationBounds = List.copyOf(durationBounds);
    services = List.copyOf(services);
    tables = List.copyOf(tables);
    denials = List.copyOf(denials);
    backends = List.copyOf(backends);
    servers = List.copyOf(servers);
  }

  /** Writes it as a JSON object, names in snake_case, times in ISO 8601. The stream stays open. */
  public void writeJson(OutputStream out) throws IOException {
    RecordJson.write(this, out);
  }

  /**
   * Reads what {@link #writeJson} has written.
   *
   * @throws IOException when it is something else
   */
  public static StatusReport readJson(InputStream in) throws IOException {
    return RecordJson.read(StatusReport.class, in);
  }
}
