package org.postern.program.command;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.postern.config.Configuration;
import org.postern.host.table.OpenTables;
import org.postern.loader.DriverRegistry;
import org.postern.loader.Plugins;
import org.postern.platform.text.ByteStrings;
import org.postern.program.log.LogSetup;
import org.postern.program.map.AskedTables;
import org.postern.program.map.Conversion;
import org.postern.program.map.KeyLines;
import org.postern.program.map.MapException;
import org.postern.program.map.MapName;
import org.postern.program.map.MapOptions;
import org.postern.program.map.MessageKeys;
import org.postern.program.map.TableLoad;
import org.postern.spi.Access;
import org.postern.spi.TableFlags;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code postern map}: postmap(1) without Postfix's libraries. */
@Command(
    name = "map",
    description = "Makes, changes, asks and lists tables, as postmap(1) does.",
    exitCodeOnInvalidInput = Postern.FAILURE,
    customSynopsis = {
      MapCommand.SYNOPSIS,
      "postern map [-nNv] [-c config_dir] --convert map_type:file map_type:file"
    },
    footer = {
      "",
      "Makes hash, btree, cdb and lmdb tables; asks every type that there is a plugin for. Who",
      "reads a table while it is made finds the old one or the new one, whole.",
      "",
      "Exit status is 0 if all went well and, with -q or -d, if something was found."
    })
final class MapCommand implements Callable<Integer> {
  static final String SYNOPSIS =
      "postern map [-bfFhinNoprsuUvw] [-c config_dir] [-d key] [-q key] [map_type:]file...";

  private static final int NOT_FOUND = 1;
  private static final String FROM_INPUT = "-";
  private static final String HEADER_LIMIT = "header_size_limit";
  private static final int DEFAULT_HEADER_LIMIT = 102_400;

  /** So that a table is not read as a whole for the sake of a few keys. */
  private static final Map<String, String> READ_IN_PLACE =
      Map.of("postern_berkeleydb_memory_limit", "1");

  /** What is moved away from Berkeley DB is read from where it is. */
  private static final Map<String, String> AS_NAMED =
      Map.of("postern_non_bdb_migration_level", "disable");

  @Option(names = "--help", usageHelp = true, description = "Shows this help.")
  boolean help;

  @Option(
      names = "-c",
      paramLabel = "config_dir",
      description = "Where main.cf and postern.cf are.")
  @Nullable Path configDirectory;

  @Option(names = "-v", description = "Logs in more detail.")
  boolean[] verbose = {};

  @Option(names = "-i", description = "Adds what standard input holds to the table.")
  boolean incremental;

  @Option(
      names = "-d",
      paramLabel = "key",
      parameterConsumer = NextArgument.class,
      description = "Removes a key; \"-\": those from standard input, one a line.")
  List<String> deleted = new ArrayList<>();

  @Option(
      names = "-q",
      paramLabel = "key",
      parameterConsumer = NextArgument.class,
      description = "Prints the value of a key; \"-\": of those from standard input, one a line.")
  List<String> asked = new ArrayList<>();

  @Option(names = "-s", description = "Prints all keys and values.")
  boolean all;

  @Option(names = "-o", description = "Stays root where the source file is somebody else's.")
  boolean staysRoot;

  @Option(names = "-p", description = "Gives a new file mode 0644, whatever its source has.")
  boolean ownMode;

  @Option(names = "-b", description = "With \"-q -\": keys are the body lines of a mail message.")
  boolean body;

  @Option(names = "-h", description = "With \"-q -\": keys are the headers of a mail message.")
  boolean headers;

  @Option(
      names = "--convert",
      description = "Makes the second table from the first one, and compares the two.")
  boolean convert;

  @Mixin MapFlags flags = new MapFlags();

  @Parameters(paramLabel = "[map_type:]file", description = "The tables.")
  List<String> tables = List.of();

  private final AnswerOutput out = new AnswerOutput();

  /** Takes the next argument for the key, whatever it looks like. */
  static final class NextArgument implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
      if (arguments.isEmpty()) {
        throw new CommandLine.ParameterException(
            command.commandLine(), "option requires a key: " + option.paramLabel());
      }
      List<String> keys = new ArrayList<>(option.<List<String>>getValue());
      keys.add(arguments.pop());
      option.setValue(keys);
    }
  }

  @Override
  public Integer call() throws IOException {
    LogSetup.command("postern map", verbose.length);
    check();
    boolean reads = !asked.isEmpty() || !deleted.isEmpty() || all;
    Configuration configuration =
        configuration(convert ? AS_NAMED : reads ? READ_IN_PLACE : Map.of());
    List<MapName> maps =
        tables.stream()
            .map(table ->
                MapName.of(table, configuration.get("default_database_type").orElse("hash")))
            .toList();
    DriverRegistry drivers = drivers(configuration);
    try {
      if (convert) {
        return convert(maps, drivers, configuration);
      }
      MapOptions options = options(configuration);
      if (!asked.isEmpty()) {
        OpenTables open = open(drivers, Access.READ_ONLY, configuration);
        return ask(new AskedTables(maps, open, options), configuration);
      }
      if (!deleted.isEmpty()) {
        // To open a table for writing makes it when it is not there.
        new AskedTables(maps, open(drivers, Access.READ_ONLY, configuration), options).open();
        OpenTables open = open(drivers, Access.READ_WRITE, configuration);
        return delete(new AskedTables(maps, open, options));
      }
      if (all) {
        OpenTables open = open(drivers, Access.READ_ONLY, configuration);
        new AskedTables(maps, open, options).forEach(out::pair);
        return 0;
      }
      TableLoad loads = new TableLoad(drivers, configuration, options);
      for (MapName map : maps) {
        if (incremental) {
          loads.addFromStandardInput(map);
        } else {
          loads.fromFile(map);
        }
      }
      return 0;
    } finally {
      out.flush();
    }
  }

  private void check() throws MapException {
    if (asked.size() + deleted.size() + (all ? 1 : 0) > 1) {
      throw new MapException("specify only one of -s -q or -d");
    }
    if ((body || headers) && !asked.equals(List.of(FROM_INPUT))) {
      throw new MapException("specify -b or -h only with \"-q -\"");
    }
    if (convert
        && (tables.size() != 2 || !asked.isEmpty() || !deleted.isEmpty() || all || incremental)) {
      throw new MapException("--convert takes two tables, and none of -d -i -q -s");
    }
    if (tables.isEmpty()) {
      throw new MapException("usage: " + SYNOPSIS);
    }
  }

  /** Names of files are relative to where the command is run. */
  private Configuration configuration(Map<String, String> more) {
    Map<String, String> overrides = new HashMap<>(more);
    overrides.put("queue_directory", ByteStrings.of(Path.of("").toAbsolutePath().toString()));
    return CommonOptions.configuration(configDirectory, overrides);
  }

  private static DriverRegistry drivers(Configuration configuration) {
    Plugins plugins = CommonOptions.plugins(configuration);
    plugins.problems().forEach(problem -> LogSetup.warn(problem.toString()));
    return plugins.drivers();
  }

  private MapOptions options(Configuration configuration) {
    boolean utf8 = flags.wantsUtf8(body || headers) && configuration.bool("smtputf8_enable");
    int all = flags.flags() | (utf8 ? TableFlags.UTF8_REQUEST : 0);
    return new MapOptions(all, utf8, !staysRoot, !ownMode);
  }

  private static OpenTables open(
      DriverRegistry drivers, Access access, Configuration configuration) {
    return new OpenTables(drivers, access, configuration, Runnable::run, Runnable::run);
  }

  private int ask(AskedTables maps, Configuration configuration) throws IOException {
    String key = asked.getFirst();
    if (!key.equals(FROM_INPUT)) {
      Optional<byte[]> value = maps.lookup(utf8(key));
      if (value.isPresent()) {
        out.value(value.get());
      }
      return value.isPresent() ? 0 : NOT_FOUND;
    }
    Found found = new Found();
    KeyLines.Keys print =
        line -> {
          Optional<byte[]> value = maps.lookup(line);
          if (value.isPresent()) {
            out.pair(line, value.get());
            found.any = true;
          }
        };
    KeyLines lines = new KeyLines(new BufferedInputStream(System.in));
    if (body || headers) {
      new MessageKeys(headers, body, headerLimit(configuration)).forEach(lines, print);
    } else {
      lines.forEach(print);
    }
    return found.any ? 0 : NOT_FOUND;
  }

  /** Whether anything was. */
  private static final class Found {
    private boolean any;
  }

  private static int headerLimit(Configuration configuration) {
    return configuration.get(HEADER_LIMIT).isPresent()
        ? configuration.integer(HEADER_LIMIT)
        : DEFAULT_HEADER_LIMIT;
  }

  private int delete(AskedTables written) throws IOException {
    String key = deleted.getFirst();
    if (!key.equals(FROM_INPUT)) {
      return written.delete(utf8(key)) ? 0 : NOT_FOUND;
    }
    Found found = new Found();
    new KeyLines(new BufferedInputStream(System.in))
        .forEach(line -> found.any |= written.delete(line));
    return found.any ? 0 : NOT_FOUND;
  }

  private int convert(List<MapName> maps, DriverRegistry drivers, Configuration configuration)
      throws IOException {
    MapOptions asTheyAre =
        new MapOptions(flags.flags() & ~TableFlags.FOLD_FIX, false, !staysRoot, !ownMode);
    Conversion conversion =
        new Conversion(
            new TableLoad(drivers, configuration, asTheyAre),
            open(drivers, Access.READ_ONLY, configuration),
            asTheyAre);
    Conversion.Counts counts = conversion.convert(maps.getFirst(), maps.getLast());
    out.value(utf8("%s: %d pairs read".formatted(maps.getFirst(), counts.read())));
    out.value(
        utf8(
            "%s: %d pairs stored, all read back and compared"
                .formatted(maps.getLast(), counts.stored())));
    return 0;
  }

  private static byte[] utf8(String argument) {
    return argument.getBytes(StandardCharsets.UTF_8);
  }
}
