package org.postern.program.command;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postern.config.Configuration;
import org.postern.config.ConfigurationException;
import org.postern.host.Host;
import org.postern.host.approval.Service;
import org.postern.operations.client.ProxymapClient;
import org.postern.operations.client.TableClient;
import org.postern.platform.text.ByteStrings;
import org.postern.program.map.KeyLines;
import org.postern.spi.Entry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern query}: asks a running server, with the output and exit status of postmap(1). */
@Command(
    name = "query",
    description = "Asks a running server: Postern, or Postfix's own proxymap(8).",
    footer = {
      "",
      "One key: prints its value. Several keys, or \"-\" for keys from standard input, one a line:",
      "prints \"key<TAB>value\" for those that are found. Exit status is 0 if something was found,",
      "1 if nothing was, or if there was an error, which is then on standard error."
    },
    mixinStandardHelpOptions = true)
final class QueryCommand implements Callable<Integer> {
  private static final int NOT_FOUND = 1;

  @Mixin CommonOptions options = new CommonOptions();

  @Option(
      names = "-s",
      paramLabel = "SOCKET",
      description = "The server's socket. Default: that of the configuration.")
  @Nullable Path socket;

  @Option(names = "-w", description = "Asks the read-write service.")
  boolean readWrite;

  @Option(
      names = "-f",
      description = "Does not fold keys to lower case: for case-sensitive tables such as environ.")
  boolean caseKept;

  @Option(names = "--all", description = "Prints all keys and values, as postmap -s does.")
  boolean all;

  @Option(
      names = "--timeout",
      paramLabel = "seconds",
      defaultValue = "30",
      description = "How long to wait for each reply. Default: ${DEFAULT-VALUE}.")
  int timeout;

  @Parameters(index = "0", paramLabel = "TYPE:NAME", description = "The table, without proxy:.")
  String table = "";

  @Parameters(index = "1..*", paramLabel = "KEY", description = "The keys to look up.")
  List<String> keys = List.of();

  private final AnswerOutput out = new AnswerOutput();

  @Override
  public Integer call() throws IOException {
    if (keys.isEmpty() != all) {
      throw new ConfigurationException(
          all ? "--all takes no keys" : "name a key, \"-\" for keys from standard input, or --all");
    }
    int flags = caseKept ? TableClient.CASE_KEPT : TableClient.DEFAULT_FLAGS;
    try (ProxymapClient server = ProxymapClient.connect(socket(), Duration.ofSeconds(timeout))) {
      TableClient asked = TableClient.open(server, bytes(table), flags);
      boolean found = all ? printAll(asked) : keys.size() == 1 ? printOne(asked) : printEach(asked);
      return found ? 0 : NOT_FOUND;
    } finally {
      out.flush();
    }
  }

  private Path socket() {
    if (socket != null) {
      return socket;
    }
    Configuration configuration = options.configuration();
    Service service = readWrite ? Service.PROXYWRITE : Service.PROXYMAP;
    return Host.socket(configuration, service)
        .orElseThrow(() ->
            new ConfigurationException(
                "the " + service.serviceName() + " service is off; name a socket with -s"));
  }

  private boolean printOne(TableClient asked) throws IOException {
    String key = keys.getFirst();
    if (key.equals("-")) {
      return printFromInput(asked);
    }
    Optional<byte[]> value = key.isEmpty() ? Optional.empty() : asked.lookup(utf8(key));
    if (value.isPresent()) {
      out.value(value.get());
    }
    return value.isPresent();
  }

  private boolean printEach(TableClient asked) throws IOException {
    boolean found = false;
    for (String key : keys) {
      found |= print(asked, utf8(key));
    }
    return found;
  }

  private boolean printFromInput(TableClient asked) throws IOException {
    boolean[] found = {false};
    new KeyLines(new BufferedInputStream(System.in)).forEach(key -> found[0] |= print(asked, key));
    return found[0];
  }

  /** An empty key is never asked for, as postmap(1) doesn't. */
  private boolean print(TableClient asked, byte[] key) throws IOException {
    Optional<byte[]> value = key.length == 0 ? Optional.empty() : asked.lookup(key);
    if (value.isPresent()) {
      out.pair(key, value.get());
    }
    return value.isPresent();
  }

  private boolean printAll(TableClient asked) throws IOException {
    boolean found = false;
    for (Optional<Entry> entry = asked.next(true); entry.isPresent(); entry = asked.next(false)) {
      out.pair(entry.get().key(), entry.get().value());
      found = true;
    }
    return found;
  }

  private static byte[] utf8(String argument) {
    return argument.getBytes(StandardCharsets.UTF_8);
  }

  private static String bytes(String argument) {
    return ByteStrings.of(utf8(argument));
  }
}
