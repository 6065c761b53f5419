package org.postern.program.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.postern.config.Configuration;
import org.postern.host.approval.Approved;
import org.postern.host.approval.Service;
import org.postern.host.approval.TableApproval;
import org.postern.loader.PluginProblem;
import org.postern.operations.client.ProxymapClient;
import org.postern.operations.client.TableClient;
import org.postern.operations.client.TableException;
import org.postern.platform.text.ByteStrings;
import org.postern.program.daemon.Signals;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern demo}: a running server on the sample tables of the installation. */
@Command(
    name = "demo",
    description = "Starts a server on small sample tables of every built-in type, and asks it.",
    footer = {"", "Nothing needs to be installed or configured. Serves until Ctrl-C."},
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Option(names = "--once", description = "Ends after the queries.")
  boolean once;

  @Option(
      names = "--databases",
      description = "Starts a MariaDB, a PostgreSQL and an LDAP server too, and asks tables there.")
  boolean databases;

  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Signals signals = Signals.listen();
    try (SampleDatabases started = databases ? SampleDatabases.start() : null;
        SampleServer server =
            SampleServer.start(
                started == null ? Map.of() : Map.of("demo_databases", started.tables()))) {
      for (PluginProblem problem : server.problems()) {
        out.println("wrong: " + problem);
      }
      Path socket = server.sockets().getFirst();
      out.println(
          "Postern listens on "
              + socket
              + ", with the tables of "
              + server.samples()
              + "/main.cf:");
      out.println();
      out.print(ask(socket, server.configuration(), server.samples()));
      out.println();
      if (!once) {
        explain(out, socket, server.samples());
        while (signals.next() == Signals.Asked.REREAD) {
          out.println("nothing to read again: this is a demonstration");
        }
      }
      return server.problems().isEmpty() ? 0 : Postern.FAILURE;
    } finally {
      out.flush();
    }
  }

  /** Asks each table of the configuration for the keys that the file queries has for its type. */
  private static TextTable ask(Path socket, Configuration configuration, Path samples)
      throws IOException {
    List<String> queries = Files.readAllLines(samples.resolve("queries"));
    TextTable table = new TextTable("TABLE", "KEY", "ANSWER");
    try (ProxymapClient server = ProxymapClient.connect(socket, TIMEOUT)) {
      for (Approved approved : TableApproval.of(configuration, Service.PROXYMAP).tables()) {
        String name = approved.typeAndName();
        for (String query : queries) {
          String[] typeAndKey = query.split(" ", 2);
          if (name.startsWith(typeAndKey[0] + ":")) {
            table.row(
                ByteStrings.printable(name), typeAndKey[1], answer(server, name, typeAndKey[1]));
          }
        }
      }
    }
    return table;
  }

  private static String answer(ProxymapClient server, String table, String key) throws IOException {
    try {
      // Names of environment variables are in upper case.
      int flags = table.startsWith("environ:") ? TableClient.CASE_KEPT : TableClient.DEFAULT_FLAGS;
      return TableClient.open(server, table, flags)
          .lookup(key.getBytes(StandardCharsets.UTF_8))
          .map(value -> "\"" + new String(value, StandardCharsets.UTF_8) + "\"")
          .orElse("not found");
    } catch (TableException e) {
      return Objects.requireNonNullElse(e.getMessage(), "error")
          .replaceFirst("^table .*: query ", "");
    }
  }

  private static void explain(PrintWriter out, Path socket, Path samples) {
    String postern = System.getProperty("postern.home") + "/bin/postern";
    out.println("Ask more, from another terminal:");
    out.println();
    out.println(
        "  " + postern + " query -s " + socket + " hash:" + samples + "/virtual info@example.com");
    out.println("  " + postern + " query -s " + socket + " --all btree:" + samples + "/canonical");
    out.println("  " + postern + " check -c " + samples);
    out.println();
    out.println("Ctrl-C ends it.");
    out.flush();
  }
}
