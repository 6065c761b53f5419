package org.postern.program.setup;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.config.Configuration;
import org.postern.host.approval.Approved;
import org.postern.host.approval.Service;
import org.postern.host.approval.TableApproval;
import org.postern.loader.DriverRegistry;
import org.postern.platform.text.ByteStrings;

/**
 * The changes that put Postern behind Postfix, and those that take it back. What is done already is
 * not done again.
 */
public final class PostfixSetup {
  private static final Path SYSTEMD_RUNS = Path.of("/run/systemd/system");
  private static final List<String> UNITS = List.of("postern.socket", "postern.service");
  private static final String KEY = "postern-setup";

  private final Configuration configuration;
  private final DriverRegistry drivers;
  private final Programs programs;
  private final Units units;

  /**
   * One change.
   *
   * @param text a command, as an operator would give it, or what else is done
   */
  public record Change(String text, Action action) {}

  /** What a change does. */
  public interface Action {
    void run() throws IOException, InterruptedException;
  }

  public PostfixSetup(
      Configuration configuration, DriverRegistry drivers, Programs programs, Units units) {
    this.configuration = configuration;
    this.drivers = drivers;
    this.programs = programs;
    this.units = units;
  }

  /**
   * What is to be done.
   *
   * @throws IOException when it cannot be, with what is to be done first
   */
  public List<Change> changes() throws IOException, InterruptedException {
    List<Change> changes = new ArrayList<>();
    List<Service> services = services();
    if (!services.stream().allMatch(this::listens)) {
      changes.addAll(starting());
    }
    int before = changes.size();
    for (Service service : services) {
      String set = programs.mustRun(List.of("postconf", "-h", nameParameter(service)));
      String wanted = socket(service).getFileName().toString();
      if (!set.equals(wanted)) {
        if (!set.equals(service.serviceName())) {
          throw new IOException(
              nameParameter(service) + " is \"" + set + "\" already: is that another proxy?");
        }
        changes.add(command("postconf", "-e", nameParameter(service) + "=" + wanted));
      }
    }
    if (changes.size() > before && postfixRuns()) {
      changes.add(command("postfix", "reload"));
    }
    return changes;
  }

  /** What takes the changes back. */
  public List<Change> undoing() throws IOException, InterruptedException {
    List<Change> changes = new ArrayList<>();
    for (Service service : Service.values()) {
      Optional<Path> socket = socketOf(service);
      String set = programs.mustRun(List.of("postconf", "-h", nameParameter(service)));
      if (socket.isPresent() && set.equals(String.valueOf(socket.get().getFileName()))) {
        changes.add(command("postconf", "-X", nameParameter(service)));
      }
    }
    if (!changes.isEmpty() && postfixRuns()) {
      changes.add(command("postfix", "reload"));
    }
    List<Path> written = units.written();
    if (!written.isEmpty()) {
      if (Files.isDirectory(SYSTEMD_RUNS)) {
        changes.add(systemctl("disable", "--now"));
      }
      for (Path file : written) {
        changes.add(new Change("rm " + file, () -> Files.delete(file)));
      }
      if (Files.isDirectory(SYSTEMD_RUNS)) {
        changes.add(command("systemctl", "daemon-reload"));
      }
    }
    return changes;
  }

  /**
   * Asks for a key by Postfix's own program, through Postern.
   *
   * @return what was asked, and the answer
   * @throws IOException when there was none
   */
  public String check() throws IOException, InterruptedException {
    Optional<Approved> table =
        TableApproval.of(configuration, Service.PROXYMAP).tables().stream()
            .filter(approved -> isServed(approved.typeAndName()))
            .findFirst();
    if (table.isEmpty()) {
      return "no table is proxied yet: nothing to ask for";
    }
    List<String> command =
        List.of("postmap", "-q", KEY, "proxy:" + ByteStrings.decode(table.get().typeAndName()));
    Programs.Outcome outcome = programs.run(command);
    if (!outcome.succeeded() && !outcome.output().isEmpty()) {
      throw new IOException(String.join(" ", command) + ": " + outcome.output());
    }
    return String.join(" ", command)
        + ": "
        + (outcome.succeeded() ? outcome.output() : "answered, no such key");
  }

  /** The read-only one, and the other one if Postern serves each of its tables. */
  private List<Service> services() throws IOException {
    List<Service> services = new ArrayList<>();
    for (Service service : Service.values()) {
      if (socketOf(service).isPresent()
          && (service == Service.PROXYMAP
              || TableApproval.of(configuration, service).tables().stream()
                  .allMatch(table -> isServed(table.typeAndName())))) {
        socket(service);
        services.add(service);
      }
    }
    if (services.isEmpty()) {
      throw new IOException("postern_proxymap_socket is empty: the service is off");
    }
    return services;
  }

  private boolean isServed(String typeAndName) {
    return drivers.driver(typeAndName.substring(0, typeAndName.indexOf(':'))).isPresent();
  }

  private List<Change> starting() throws IOException, InterruptedException {
    if (!Files.isDirectory(SYSTEMD_RUNS)) {
      throw new IOException(
          "Postern does not listen, and systemd is not here to start it: have \"postern serve\""
              + " running first");
    }
    List<Change> changes = new ArrayList<>();
    if (!programs.run(List.of("systemctl", "cat", "postern.service")).succeeded()) {
      changes.add(new Change("write " + units.files(), units::write));
      changes.add(command("systemctl", "daemon-reload"));
    }
    changes.add(systemctl("enable", "--now"));
    return changes;
  }

  private Change systemctl(String... words) {
    List<String> command = new ArrayList<>(List.of("systemctl"));
    command.addAll(List.of(words));
    command.addAll(UNITS);
    return command(command.toArray(String[]::new));
  }

  private Change command(String... command) {
    return new Change(String.join(" ", command), () -> programs.mustRun(List.of(command)));
  }

  private boolean postfixRuns() throws IOException, InterruptedException {
    return programs.run(List.of("postfix", "status")).succeeded();
  }

  private boolean listens(Service service) {
    try {
      SocketChannel.open(UnixDomainSocketAddress.of(socket(service))).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String nameParameter(Service service) {
    return service.serviceName() + "_service_name";
  }

  private Optional<Path> socketOf(Service service) {
    return configuration.path(parameter(service)).map(configuration.queueDirectory()::resolve);
  }

  private static String parameter(Service service) {
    return "postern_" + service.serviceName() + "_socket";
  }

  /** Where Postfix looks for it too. */
  private Path socket(Service service) throws IOException {
    Path socket = socketOf(service).orElseThrow();
    Path directory = configuration.queueDirectory().resolve("private");
    if (!directory.equals(socket.getParent())) {
      throw new IOException(
          "%s is %s: Postfix finds services in %s only"
              .formatted(parameter(service), socket, directory));
    }
    return socket;
  }
}
