package org.postern.program.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.postern.host.approval.Service;
import org.postern.host.service.Explained;
import org.postern.host.service.Explained.Result;
import org.postern.host.service.Explained.Step;
import org.postern.operations.admin.AdminClient;
import org.postern.operations.admin.AdminRequest;
import org.postern.platform.text.ByteStrings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern explain}: how a running server looks a key up. */
@Command(
    name = "explain",
    description = "Has a running server look a key up, and shows how it does.",
    footer = {
      "",
      "Shows who approves the table, or what to write so that it is approved; which plugin serves it and",
      "from which files; which server is asked, and the query as it is asked, or which rule matches; what",
      "a client is told; and how long each step took. Passwords are not shown. Exit status is 0 if the",
      "table has an answer, that there is no such key among them, and 1 otherwise."
    },
    mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {
  private static final String INDENT = "    ";
  private static final String FILE = "file: ";
  private static final int MOST_FILES = 2;

  @Mixin RunningServers servers = new RunningServers();

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "-w", description = "Asks the read-write service.")
  boolean readWrite;

  @Option(
      names = "-f",
      description = "Does not fold the key to lower case: for case-sensitive tables.")
  boolean caseKept;

  @Option(names = "--json", description = "Prints it as a JSON object.")
  boolean json;

  @Parameters(index = "0", paramLabel = "TYPE:NAME", description = "The table, without proxy:.")
  String table = "";

  @Parameters(index = "1", paramLabel = "KEY", description = "The key to look up.")
  String key = "";

  @Override
  public Integer call() throws IOException {
    Service service = readWrite ? Service.PROXYWRITE : Service.PROXYMAP;
    String answer = servers.askOne(AdminRequest.explain(service, table, key, caseKept));
    Explained explained = AdminClient.read(Explained.class, answer);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.print(answer);
    } else {
      print(explained, servers.options.verbosity() > 0, out);
    }
    out.flush();
    return switch (explained.result().status()) {
      case "OK", "NOKEY" -> 0;
      default -> Postern.FAILURE;
    };
  }

  /** What is told of a step, without the many files that a library's own configuration is in. */
  private static List<String> told(Step step, boolean allFiles) {
    List<String> files = step.told().stream().filter(line -> line.startsWith(FILE)).toList();
    if (allFiles || files.size() <= MOST_FILES) {
      return step.told();
    }
    List<String> told = new ArrayList<>(files.subList(0, MOST_FILES));
    told.add("and " + (files.size() - MOST_FILES) + " more files, which -v shows");
    step.told().stream().filter(line -> !line.startsWith(FILE)).forEach(told::add);
    return told;
  }

  private static void print(Explained explained, boolean allFiles, PrintWriter out) {
    out.printf(
        "%s, key \"%s\", asked of %s%n",
        ByteStrings.visible(explained.table()),
        ByteStrings.visible(explained.key()),
        ByteStrings.visible(explained.service()));
    explained.plugin().ifPresent(plugin -> out.println("plugin: " + ByteStrings.visible(plugin)));
    TextTable steps = new TextTable("STEP", "TOOK", "");
    for (Step step : explained.steps()) {
      steps.row(
          step.step().name().toLowerCase(Locale.ROOT),
          String.format(Locale.ROOT, "%.3f ms", step.seconds() * 1000),
          ByteStrings.visible(step.outcome()));
      told(step, allFiles).forEach(line -> steps.note(INDENT + ByteStrings.visible(line)));
    }
    out.print(steps);
    Result result = explained.result();
    result.reason().ifPresent(reason -> out.println("reason: " + ByteStrings.visible(reason)));
    result.value().ifPresent(value -> out.println("value: " + ByteStrings.visible(value)));
    out.printf(
        "reply: status %d (%s), flags %s%n",
        result.number(),
        ByteStrings.visible(result.status()),
        result.flags().stream().map(ByteStrings::visible).collect(Collectors.joining("|", "", "")));
  }
}
