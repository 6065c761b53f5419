package org.postern.program.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.operations.admin.AdminClient;
import org.postern.operations.admin.AdminException;
import org.postern.operations.admin.AdminRequest;
import org.postern.operations.admin.AdminSocket;
import org.postern.operations.status.StatusReport;
import org.postern.platform.text.ByteStrings;
import org.postern.program.log.LogSetup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * The running servers that a command talks to: those of the configuration, one or as a child of
 * master(8) two, or the one that is named.
 */
final class RunningServers {
  @Mixin CommonOptions options = new CommonOptions();

  @Option(
      names = "-s",
      paramLabel = "SOCKET",
      description =
          "The server's admin socket. Default: those of the configuration, where a server listens:"
              + " the parameter postern_admin_socket.")
  @Nullable Path socket;

  @Option(
      names = "--timeout",
      paramLabel = "seconds",
      defaultValue = "15",
      description = "How long to wait for the whole answer. Default: ${DEFAULT-VALUE}.")
  int timeout;

  /**
   * What one server said.
   *
   * @param answer JSON; empty when there is a problem
   * @param problem why there is no answer, or null
   */
  private record Said(Path socket, String answer, @Nullable String problem) {}

  /**
   * Asks every server that runs.
   *
   * @return at least one
   * @throws IOException when none runs; the message says where they were looked for
   */
  private List<Said> ask(AdminRequest request) throws IOException {
    List<Said> said = new ArrayList<>();
    List<String> tried = new ArrayList<>();
    for (Path place : places()) {
      try {
        said.add(
            new Said(place, AdminClient.ask(place, request, Duration.ofSeconds(timeout)), null));
      } catch (AdminException e) {
        said.add(new Said(place, "", ByteStrings.visible(String.valueOf(e.getMessage()))));
      } catch (IOException e) {
        tried.add(place + ": " + e.getMessage());
      }
    }
    if (said.isEmpty()) {
      throw new IOException(
          "no running Postern answers ("
              + String.join("; ", tried)
              + "). Start one with"
              + " \"postern serve\", with systemctl, or by master(8), as doc/operating.md says; if"
              + " one runs, ask as root or as its own user, with its configuration (-c), or name"
              + " its socket with -s");
    }
    return said;
  }

  /** What is made of answers. */
  interface Reading<T> {
    T read() throws IOException;
  }

  /**
   * Makes something of answers.
   *
   * @throws IOException also when they make no sense: not Postern has given them
   */
  static <T> T understood(Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (DateTimeException | ArithmeticException | IndexOutOfBoundsException e) {
      throw new IOException("the answer is not one of Postern's: " + e.getMessage(), e);
    }
  }

  /** What is done with a server's answer. */
  interface Printing {
    /**
     * Prints it.
     *
     * @param who what stands before each line, where there are several servers
     * @param answer JSON
     */
    void print(String who, String answer) throws IOException;
  }

  /**
   * Asks every server that runs, and prints what each says.
   *
   * @param spec of the command
   * @return the exit status: whether all had an answer
   * @throws IOException when none runs; the message says where they were looked for
   */
  int askEach(AdminRequest request, CommandSpec spec, Printing printing) throws IOException {
    List<Said> said = ask(request);
    int status = 0;
    for (Said one : said) {
      String who = said.size() == 1 ? "" : one.socket() + ": ";
      if (one.problem() != null) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("postern " + spec.name() + ": fatal: " + who + one.problem());
        err.flush();
        status = Postern.FAILURE;
      } else {
        String answer = one.answer();
        understood(() -> {
          printing.print(who, answer);
          return 0;
        });
      }
    }
    spec.commandLine().getOut().flush();
    return status;
  }

  /**
   * Asks one server, the first that has an answer.
   *
   * @throws IOException when none has; the message says why
   */
  String askOne(AdminRequest request) throws IOException {
    List<Said> said = ask(request);
    for (Said one : said) {
      if (one.problem() == null) {
        return one.answer();
      }
    }
    throw new IOException(said.getLast().problem());
  }

  /**
   * How they are.
   *
   * @return JSON of a {@link StatusReport} of each
   */
  List<String> statusJson() throws IOException {
    List<String> answers = new ArrayList<>();
    for (Said one : ask(AdminRequest.of("status"))) {
      if (one.problem() != null) {
        throw new IOException(one.socket() + ": " + one.problem());
      }
      answers.add(one.answer());
    }
    return answers;
  }

  /** How they are. */
  List<StatusReport> status() throws IOException {
    List<StatusReport> reports = new ArrayList<>();
    for (String answer : statusJson()) {
      reports.add(AdminClient.read(StatusReport.class, answer));
    }
    return reports;
  }

  private Configuration configuration() {
    try {
      return options.configuration();
    } catch (ConfigurationException e) {
      throw new ConfigurationException(
          e.getMessage()
              + " (a running server goes on with what it has read before; ask it with -s SOCKET)",
          e);
    }
  }

  private List<Path> places() {
    if (socket != null) {
      return List.of(socket);
    }
    List<Path> places = AdminSocket.places(configuration());
    LogSetup.quiet();
    if (places.isEmpty()) {
      throw new ConfigurationException(
          AdminSocket.PARAMETER + " is empty: no server can be asked; name a socket with -s");
    }
    return places;
  }
}
